import { expect, test } from "vitest";
import { percentile } from "./percentile.js";

test("is the nearest rank, and leaves the values as they are", () => {
  const values = [5, 1, 4, 2, 3];
  expect([0, 20, 21, 50, 99, 100].map((percent) => percentile(values, percent))).toEqual([1, 1, 2, 3, 5, 5]);
  expect(values).toEqual([5, 1, 4, 2, 3]);
});

test("sorts numbers, not their texts", () => {
  expect(percentile([10, 9, 100], 50)).toBe(10);
});

test("of nothing is no number", () => {
  expect(percentile([], 50)).toBeNaN();
});
