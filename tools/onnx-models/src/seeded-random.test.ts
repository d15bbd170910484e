import { describe, expect, it } from "vitest";
import { seededRandom } from "./seeded-random.js";

function draw(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("seededRandom", () => {
  it("repeats itself for the same seed only", () => {
    const first = draw(5, seededRandom(3).uniform);
    expect(draw(5, seededRandom(3).uniform)).toEqual(first);
    expect(draw(5, seededRandom(4).uniform)).not.toEqual(first);
  });

  it("is uniform over [0, 1)", () => {
    const values = draw(20_000, seededRandom(1).uniform);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(mean(values)).toBeCloseTo(0.5, 1);
  });

  it("draws every whole number below a limit and no other", () => {
    const random = seededRandom(1);
    const values = draw(1_000, () => random.below(4));
    expect([...new Set(values)].sort()).toEqual([0, 1, 2, 3]);
  });

  it("is normal with mean 0 and variance 1", () => {
    const values = draw(20_000, seededRandom(1).normal);
    expect(mean(values)).toBeCloseTo(0, 1);
    expect(mean(values.map((value) => value * value))).toBeCloseTo(1, 1);
  });
});
