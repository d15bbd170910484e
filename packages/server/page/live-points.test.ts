import { expect, test } from "vitest";
import type { LiveReading } from "../src/page/page-data.js";
import { pointBetween, quantile } from "./live-points.js";

const runner = { name: "a", batches: 10, items: 40, queuedItems: 3, workers: 2, idleWorkers: 1, restarts: 0 };
const before: LiveReading = { watch: "a", atMs: 1000, requests: 100, failures: 1, durations: { boundsMs: [1, 2, 4], counts: [50, 40, 10, 0] }, runners: [runner] };
const after: LiveReading = {
  watch: "a",
  atMs: 3000,
  requests: 200,
  failures: 5,
  durations: { boundsMs: [1, 2, 4], counts: [50, 140, 10, 0] },
  runners: [{ ...runner, batches: 15, items: 80 }, { ...runner, name: "b", batches: 0, items: 0, queuedItems: 1, workers: 1, idleWorkers: 0 }],
};

test("a point is what happened between two readings, over all runners", () => {
  expect(pointBetween(before, after)).toEqual({ requestsPerSecond: 50, failuresPerSecond: 2, medianMs: 1.5, slowestMs: 1.99, meanBatch: 8, queuedItems: 4, workers: 3, busyWorkers: 2 });
});

test("readings of two watches are not compared, nor one with itself", () => {
  expect(pointBetween(before, { ...after, watch: "b" })).toBeUndefined();
  expect(pointBetween(before, before)).toBeUndefined();
});

test("where nothing ran there is no latency and no batch", () => {
  expect(pointBetween(before, { ...before, atMs: 2000 })).toMatchObject({ requestsPerSecond: 0, medianMs: undefined, meanBatch: undefined });
});

test("quantiles are read off evenly within a bucket; beyond the last bound it is the bound", () => {
  expect(quantile([1, 2, 4], [1, 0, 1, 0], 0.5)).toBe(1);
  expect(quantile([1, 2, 4], [0, 0, 4, 0], 0.25)).toBe(2.5);
  expect(quantile([1, 2, 4], [0, 0, 0, 3], 0.5)).toBe(4);
  expect(quantile([1], [0, 0], 0.5)).toBeUndefined();
});
