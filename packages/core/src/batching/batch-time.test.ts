import fc from "fast-check";
import { expect, test } from "vitest";
import { BatchTime } from "./batch-time.js";

test("learns fixed cost and cost per item from batches of different sizes", () => {
  const batchTime = new BatchTime();
  for (let round = 0; round < 20; round++) for (const items of [1, 4, 16]) batchTime.add(items, 2 + 0.25 * items);
  expect(batchTime.fixed).toBeCloseTo(2, 3);
  expect(batchTime.perItem).toBeCloseTo(0.25, 4);
});

test("equal sizes keep the slope: the first sample is split in halves, later ones move the fixed cost", () => {
  const batchTime = new BatchTime();
  batchTime.add(8, 8);
  expect(batchTime.perItem).toBeCloseTo(0.5, 6);
  expect(batchTime.fixed).toBeCloseTo(4, 6);
  for (let round = 0; round < 50; round++) batchTime.add(8, 6);
  expect(batchTime.perItem).toBeCloseTo(0.5, 6);
  expect(batchTime.at(8)).toBeCloseTo(6, 1);
});

test("one stall of a hundred times the usual changes the estimate little", () => {
  const batchTime = new BatchTime();
  for (let round = 0; round < 30; round++) for (const items of [1, 8]) batchTime.add(items, 1 + 0.1 * items);
  const before = batchTime.at(8);
  batchTime.add(8, 180);
  expect(batchTime.at(8)).toBeLessThan(before * 1.2);
});

test("a first run that took far longer than the next is forgotten", () => {
  const batchTime = new BatchTime();
  for (const [items, duration] of [[1, 500], [8, 18], [1, 11], [1, 11]] as const) batchTime.add(items, duration);
  expect(batchTime.at(1)).toBeCloseTo(11, 1);
  expect(batchTime.at(8)).toBeCloseTo(18, 1);
});

test("a lasting change is accepted after four outliers", () => {
  const batchTime = new BatchTime();
  for (let round = 0; round < 30; round++) batchTime.add(4, 1);
  for (let round = 0; round < 12; round++) batchTime.add(4, 10);
  expect(batchTime.at(4)).toBeGreaterThan(5);
});

test("never negative, never NaN, whatever comes", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 4096 }), fc.double({ min: 0, max: 1e5, noNaN: true })), { maxLength: 60 }), (samples) => {
      const batchTime = new BatchTime();
      for (const [items, duration] of samples) batchTime.add(items, duration);
      expect(batchTime.fixed).toBeGreaterThanOrEqual(0);
      expect(batchTime.perItem).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(batchTime.at(100))).toBe(true);
    }),
  );
});
