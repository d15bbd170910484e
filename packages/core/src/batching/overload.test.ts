import { expect, test } from "vitest";
import { Overload } from "./overload.js";

/** Full batches every 10 ms, from 0 to `end`. */
function fullBatchesUntil(end: number): Overload {
  const overload = new Overload();
  for (let now = 0; now <= end; now += 10) overload.batchFormed(now, 32, 32);
  return overload;
}

test("full batches and refusals for longer than a burst takes are an overload", () => {
  const overload = fullBatchesUntil(50);
  overload.callRefused();
  expect(overload.hasLasted(50, 50)).toBe(false);
  expect(overload.hasLasted(51, 50)).toBe(true);
});

test("a long queue in which nobody is late is none", () => {
  expect(fullBatchesUntil(10_000).hasLasted(10_000, 50)).toBe(false);
});

test("it ends with three short batches in a row, not with one that comes by chance", () => {
  const overload = fullBatchesUntil(100);
  overload.callRefused();
  overload.batchFormed(110, 8, 32);
  overload.batchFormed(120, 8, 32);
  overload.batchFormed(130, 32, 32);
  expect(overload.hasLasted(130, 50)).toBe(true);
  for (const now of [140, 150, 160]) overload.batchFormed(now, 8, 32);
  expect(overload.hasLasted(160, 50)).toBe(false);
});

test("refusals without full batches, as of calls that came too late to be served at all, are none", () => {
  const overload = new Overload();
  overload.batchFormed(0, 8, 32);
  overload.callRefused();
  overload.batchFormed(10, 32, 32);
  expect(overload.hasLasted(1_000, 50)).toBe(false);
});
