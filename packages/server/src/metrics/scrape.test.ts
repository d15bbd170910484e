import { channel } from "node:diagnostics_channel";
import type { BatchEvent } from "bentoml-core";
import { expect, test } from "vitest";
import { send } from "../testing/http-client.js";
import { callOf, oneRow } from "../testing/runner-requests.js";
import { SampleServer } from "../testing/sample-runner.js";
import { doubling, goodBody, serve } from "../testing/served-fixtures.js";
import { durationBounds, growingBounds } from "./duration-bounds.js";
import { parseExposition, type MetricFamily } from "../testing/exposition.js";

const batch: BatchEvent = { runner: "double", method: "run", workerIndex: 0, requests: 2, items: 5, queueWaitMs: 3, summedQueueWaitMs: 4, durationMs: 20, handOverMs: 1, readMs: 2, outcome: "ok" };

async function scrape(port: number): Promise<ReadonlyMap<string, MetricFamily>> {
  return parseExposition((await send(port, { path: "/metrics" })).text);
}

function boundsOf(families: ReadonlyMap<string, MetricFamily>, name: string): (string | undefined)[] {
  return (families.get(name)?.samples ?? []).filter((sample) => sample.name.endsWith("_bucket")).map(({ labels }) => labels.get("le"));
}

test("a page of a server that has worked is read by a strict parser, with the original's names and labels", async () => {
  await using server = await serve([doubling()], { processMetrics: true, serviceName: 'quo"te\\d\nname' });
  await send(server.port, { path: "/v2/models/double/infer", body: goodBody });
  await send(server.port, { path: "/v2/models/double/infer", body: {} });
  channel("bentoml:batch").publish(batch);
  channel("bentoml:shed").publish({ runner: "double", method: "run", reason: "full", items: 1, bytes: 1 });
  const families = await scrape(server.port);
  const labelsOf = (name: string): string[] => [...(families.get(name)?.samples[0]?.labels.keys() ?? [])].filter((label) => label !== "le").sort();
  const service = ["service_name", "service_version"];
  const request = ["endpoint", "http_response_code", "model_name", ...service];
  expect(families.get("bentoml_api_server_request_duration_seconds")?.type).toBe("histogram");
  expect(families.get("bentoml_api_server_request_total")?.type).toBe("counter");
  expect(families.get("bentoml_api_server_request_in_progress")?.type).toBe("gauge");
  expect(labelsOf("bentoml_api_server_request_duration_seconds")).toEqual(request);
  expect(labelsOf("bentoml_api_server_request_total")).toEqual(request);
  expect(labelsOf("bentoml_api_server_last_request_timestamp_seconds")).toEqual(service);
  expect(labelsOf("bentoml_runner_adaptive_batch_size")).toEqual(["method_name", "runner_name", ...service, "worker_index"]);
  expect(labelsOf("bentoml_runner_shed_total")).toEqual(["method_name", "reason", "runner_name", ...service]);
  for (const name of ["queue_depth", "queue_bytes", "worker_restarts_total"]) expect(labelsOf(`bentoml_runner_${name}`)).toEqual(["runner_name", ...service]);
  expect(families.get("bentoml_runner_queue_depth")?.samples[0]?.labels.get("service_name")).toBe('quo"te\\d\nname');
  expect(families.get("process_resident_memory_bytes")?.samples[0]?.value).toBeGreaterThan(1e6);
  expect(families.get("nodejs_eventloop_lag_p99_seconds")?.samples).toHaveLength(1);
});

test("a runner server's page is read by it too, and names its runner", async () => {
  await using server = await SampleServer.start();
  await send(server.port, callOf("/double", oneRow));
  const families = await scrape(server.port);
  const [total] = families.get("bentoml_runner_request_total")?.samples.filter(({ labels }) => labels.get("endpoint") === "/double") ?? [];
  expect([...(total?.labels ?? [])].sort()).toEqual([
    ["endpoint", "/double"],
    ["http_response_code", "200"],
    ["runner_name", "sample"],
    ["service_name", "bentoml-runner"],
    ["service_version", "not available"],
  ]);
  expect(total?.value).toBe(1);
  expect(families.has("process_resident_memory_bytes")).toBe(false);
});

test("there is no page when metrics are off", async () => {
  await using server = await serve([doubling()], { metricsEnabled: false });
  expect((await send(server.port, { path: "/metrics" })).status).toBe(404);
});

test("the buckets of durations are those that were given", async () => {
  await using listed = await serve([doubling()], { durationBuckets: { buckets: [0.5, 2] } });
  await send(listed.port, { path: "/v2" });
  expect(boundsOf(await scrape(listed.port), "bentoml_api_server_request_duration_seconds")).toEqual(["0.5", "2", "+Inf"]);
  await using growing = await SampleServer.start({ durationBuckets: { min: 1, max: 10, factor: 3 } });
  await send(growing.port, callOf("/double", oneRow));
  const bounds = boundsOf(await scrape(growing.port), "bentoml_runner_request_duration_seconds");
  expect(bounds.slice(0, 5)).toEqual(["1", "3", "9", "10", "+Inf"]);
  expect(durationBounds()).toHaveLength(14);
});

test.each([{ buckets: [] }, { buckets: [1, 1] }, { buckets: [0, 1] }, { buckets: [1, Infinity] }, { min: 2, max: 1, factor: 2 }, { min: 1, max: 2, factor: 1 }, { min: 0, max: 2, factor: 2 }])(
  "buckets that do not ascend are refused: %j",
  (buckets) => {
    expect(() => durationBounds(buckets)).toThrow(/above/);
  },
);

test("growing bounds are never more than 101", () => {
  expect(growingBounds(1, 1.0001, 1000)).toHaveLength(101);
});

test.each(["a 1", "# HELP a b\n# TYPE a counter\na -1\n", "# HELP a b\n# TYPE a gauge\na{x=\"1\n\"} 1\n", "# HELP a b\n# TYPE a gauge\na 1\na 2\n", "# HELP a b\n# TYPE a gauge\nb 1\n", "# HELP a b\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n"])(
  "the parser of these tests refuses what is wrong: %j",
  (text) => {
    expect(() => parseExposition(text)).toThrow();
  },
);
