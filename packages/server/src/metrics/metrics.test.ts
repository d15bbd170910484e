import { channel } from "node:diagnostics_channel";
import type { BatchEvent, ShedEvent } from "bentoml-core";
import { expect, test } from "vitest";
import { send } from "../testing/http-client.js";
import { doubling, goodBody, serve } from "../testing/served-fixtures.js";
import { HistogramSeries } from "./histogram-series.js";
import { batchSizeBounds } from "./runner-metrics.js";

const batch: BatchEvent = { runner: "double", method: "run", workerIndex: 1, requests: 2, items: 5, queueWaitMs: 3, summedQueueWaitMs: 4, durationMs: 20, handOverMs: 1, readMs: 2, outcome: "ok" };

test("requests: duration histogram, total, time of the last one", async () => {
  await using server = await serve([doubling()], { serviceName: "digits", serviceVersion: "7" });
  await send(server.port, { path: "/v2/models/double/infer", body: goodBody });
  await send(server.port, { path: "/v2/models/double/infer", body: {} });
  const response = await send(server.port, { path: "/metrics" });
  expect(response.headers["content-type"]).toMatch(/^text\/plain; version=0.0.4/);
  const labels = 'endpoint="/v2/models/{model}/infer",model_name="double",service_name="digits",service_version="7"';
  expect(response.text).toContain(`bentoml_api_server_request_total{${labels},http_response_code="200"} 1`);
  expect(response.text).toContain(`bentoml_api_server_request_total{${labels},http_response_code="400"} 1`);
  expect(response.text).toContain(`bentoml_api_server_request_duration_seconds_count{${labels},http_response_code="200"} 1`);
  expect(response.text).toContain(`bentoml_api_server_request_duration_seconds_bucket{${labels},http_response_code="200",le="+Inf"} 1`);
  expect(response.text).toContain(`bentoml_api_server_request_in_progress{${labels}} 0`);
  const [, last] = /last_request_timestamp_seconds\{service_name="digits",service_version="7"\} (\S+)/.exec(response.text) ?? [];
  expect(Math.abs(Number(last) - Date.now() / 1000)).toBeLessThan(60);
});

test("batches, waits, refusals, queue and restarts of the runners that are served", async () => {
  const model = doubling();
  await using server = await serve([model]);
  model.runner.queuedItems = 4;
  model.runner.queuedBytes = 4096;
  model.runner.restarts = 2;
  channel("bentoml:batch").publish(batch);
  channel("bentoml:batch").publish({ ...batch, runner: "another" });
  const shed: ShedEvent = { runner: "double", method: "run", reason: "full", items: 1, bytes: 1024 };
  channel("bentoml:shed").publish(shed);
  channel("bentoml:shed").publish({ ...shed, runner: "another" });
  const { text } = await send(server.port, { path: "/metrics" });
  const service = 'service_name="bentoml-server",service_version="not available"';
  const labels = `runner_name="double",worker_index="1",method_name="run",${service}`;
  expect(text).toContain(`bentoml_runner_adaptive_batch_size_bucket{${labels},le="4"} 0`);
  expect(text).toContain(`bentoml_runner_adaptive_batch_size_bucket{${labels},le="8"} 1`);
  expect(text).toContain(`bentoml_runner_adaptive_batch_size_sum{${labels}} 5`);
  expect(text).toContain(`bentoml_runner_queue_wait_seconds_sum{${labels}} 0.003`);
  expect(text).toContain(`bentoml_runner_batch_duration_seconds_sum{${labels}} 0.02`);
  expect(text).toContain(`bentoml_runner_shed_total{runner_name="double",method_name="run",reason="full",${service}} 1`);
  expect(text).toContain(`bentoml_runner_queue_depth{runner_name="double",${service}} 4`);
  expect(text).toContain(`bentoml_runner_queue_bytes{runner_name="double",${service}} 4096`);
  expect(text).toContain(`bentoml_runner_worker_restarts_total{runner_name="double",${service}} 2`);
  expect(text).not.toContain("another");
});

test("a closed server listens to no runner any more", async () => {
  const before = channel("bentoml:batch").hasSubscribers;
  const server = await serve([doubling()]);
  expect(channel("bentoml:batch").hasSubscribers).toBe(true);
  await server.server.close();
  expect(channel("bentoml:batch").hasSubscribers).toBe(before);
});

test("the page is what Prometheus reads: each metric described once, each line with a number", async () => {
  await using server = await serve([doubling()]);
  await send(server.port, { path: "/v2/models/double/infer", body: goodBody });
  const { text } = await send(server.port, { path: "/metrics" });
  const described = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  expect(new Set(described).size).toBe(described.length);
  for (const line of text.split("\n").filter((candidate) => candidate !== "" && !candidate.startsWith("#"))) {
    expect(line).toMatch(/^[a-z_]+(\{.*\})? [\d.e+-]+$/);
  }
});

test("a histogram puts a value on its bound into the bound's bucket", () => {
  const series = new HistogramSeries([1, 2]);
  for (const value of [0, 1, 1.5, 2, 3]) series.observe(value);
  expect([...series.buckets]).toEqual([2, 2, 1]);
  expect([series.count, series.sum]).toEqual([5, 7.5]);
});

test.each([
  [1, [1]],
  [0, [1]],
  [8, [1, 2, 4, 8]],
  [100, [1, 2, 4, 8, 16, 32, 64, 100]],
])("batch size bounds up to %d", (largest, expected) => {
  expect(batchSizeBounds(largest)).toEqual(expected);
});
