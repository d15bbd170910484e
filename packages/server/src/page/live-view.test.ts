import { channel } from "node:diagnostics_channel";
import { expect, test } from "vitest";
import type { Endpoint, RequestObserver } from "../http/request-pipeline.js";
import { EndpointMetrics } from "../metrics/request-metrics.js";
import { ModelDirectory } from "../model-directory.js";
import { doubling } from "../testing/served-fixtures.js";
import { bucketOf, durationBoundsMs } from "./live-histogram.js";
import { LiveView } from "./live-view.js";

function watched(): { live: LiveView; pipeline: { observer: RequestObserver | undefined }; at: (ms: number) => void } {
  let now = 0;
  const pipeline: { observer: RequestObserver | undefined } = { observer: undefined };
  const live = new LiveView({ pipeline, models: new ModelDirectory([doubling()]), isCounted: () => true }, () => now);
  return { live, pipeline, at: (ms) => (now = ms) };
}

const endpoint: Endpoint = { metrics: new EndpointMetrics("/x", ""), isAlwaysAnswered: false };

test("nothing is counted until somebody looks, nor when nobody has looked for a while", () => {
  const { live, pipeline, at } = watched();
  expect(pipeline.observer).toBeUndefined();
  const { watch } = live.read();
  pipeline.observer?.(endpoint, 200, 3);
  expect(live.read().requests).toBe(1);
  at(15_001);
  pipeline.observer?.(endpoint, 200, 3);
  expect(pipeline.observer).toBeUndefined();
  expect(channel("bentoml:batch").hasSubscribers).toBe(false);
  const next = live.read();
  expect(next.requests).toBe(0);
  expect(next.watch).not.toBe(watch);
  live.stop();
});

test("a pause in which nothing came ends the watch too: the next reading begins anew", () => {
  const { live, at } = watched();
  const { watch } = live.read();
  at(14_000);
  expect(live.read().watch).toBe(watch);
  at(30_000);
  expect(live.read().watch).not.toBe(watch);
  live.stop();
  expect(channel("bentoml:batch").hasSubscribers).toBe(false);
});

test("a duration's bucket is the first whose bound is not below it", () => {
  for (const durationMs of [0, 0.05, 0.1, 0.11, 1, 2.3, 47, 1000, 99_000, 1e9, ...durationBoundsMs, ...durationBoundsMs.map((bound) => bound + 1e-6)]) {
    const first = durationBoundsMs.findIndex((bound) => durationMs <= bound);
    expect([durationMs, bucketOf(durationMs)]).toEqual([durationMs, first === -1 ? durationBoundsMs.length : first]);
  }
});
