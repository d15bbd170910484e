import { expect, test } from "vitest";
import { nearKey } from "./near-key.js";

const keys = ["enabled", "max_batch_size", "max_latency_ms", "traffic", "http"];

test.each([
  ["maxBatchSize", "max_batch_size"],
  ["max-latency-ms", "max_latency_ms"],
  ["max_batchsize", "max_batch_size"],
  ["enable", "enabled"],
  ["trafic", "traffic"],
  ["htttp", "http"],
  ["htpt", "http"],
  ["MAX_LATENCY", "max_latency_ms"],
])("%s means %s", (given, meant) => {
  expect(nearKey(given, keys)).toBe(meant);
});

test.each(["resources", "x", "", "port"])("%j is like none of them", (given) => {
  expect(nearKey(given, keys)).toBeUndefined();
});
