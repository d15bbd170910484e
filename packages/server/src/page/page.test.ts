import { channel } from "node:diagnostics_channel";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BatchEvent } from "bentoml-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "../testing/http-client.js";
import { addSub, doubling, goodBody, serve, waiting } from "../testing/served-fixtures.js";
import type { LiveReading, ServerSummary } from "./page-data.js";
import { PageFiles } from "./page-files.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bentoml-page-"));
  for (const name of ["index.html", "main.js", "secret.txt"]) writeFileSync(join(folder, name), name);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("programs get a summary of what is served at /", async () => {
  await using server = await serve([doubling("a/b"), { ...doubling("a/b"), version: "v0" }, addSub()]);
  const response = await send(server.port, { path: "/", headers: { Accept: "*/*" } });
  expect(response.headers).toMatchObject({ "content-type": expect.stringContaining("application/json"), vary: "Accept", "cache-control": "no-store" });
  const { models, ...rest } = response.json() as unknown as ServerSummary;
  expect(rest).toEqual({ name: "bentoml", version: expect.any(String) as string, apis: null, metrics: "/metrics" });
  expect(models.map(({ infer }) => infer)).toEqual(["/v2/models/a%2Fb/infer", "/v2/models/a%2Fb/versions/v0/infer", "/v2/models/add_sub/infer"]);
  expect(models[0]).toEqual({
    name: "a/b",
    version: "v1",
    platform: "onnx_onnxv1",
    ready: true,
    infer: "/v2/models/a%2Fb/infer",
    runner: "a/b",
    maxBatchSize: 16,
    inputs: [{ name: "x", datatype: "FP32", shape: ["batch", 2] }],
    outputs: [{ name: "y", datatype: "FP32", shape: ["batch", 2] }],
  });
});

test("each model of the summary says whether it is ready", async () => {
  const model = doubling();
  model.runner.isReady = false;
  await using server = await serve([model, addSub()]);
  const { models } = (await send(server.port, { path: "/page/summary" })).json() as unknown as ServerSummary;
  expect(models.map(({ name, ready }) => [name, ready])).toEqual([["double", false], ["add_sub", true]]);
});

test("a server without a page has nothing there", async () => {
  await using server = await serve([doubling()], { page: false });
  for (const path of ["/", "/page/summary", "/page/live", "/page/main.js"]) expect((await send(server.port, { path })).status).toBe(404);
});

test("only the page's own files are read, each once", async () => {
  const files = new PageFiles(() => folder);
  const page = await files.get("index.html");
  expect([page.type, page.bytes.toString()]).toEqual(["text/html; charset=utf-8", "index.html"]);
  expect(await files.get("index.html")).toBe(page);
  expect((await files.get("main.js")).etag).not.toBe(page.etag);
  for (const name of ["secret.txt", "../index.html", "", "__proto__", "style.css"]) await expect(files.get(name)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("a file that was missing is found when it is there", async () => {
  const files = new PageFiles(() => folder);
  await expect(files.get("icon.svg")).rejects.toThrow("Build or install the package again");
  writeFileSync(join(folder, "icon.svg"), "<svg/>");
  expect((await files.get("icon.svg")).bytes.toString()).toBe("<svg/>");
});

const batch: BatchEvent = { runner: "double", method: "run", workerIndex: 0, requests: 2, items: 5, queueWaitMs: 3, summedQueueWaitMs: 4, durationMs: 20, handOverMs: 1, readMs: 2, outcome: "ok" };

test("live data: requests, failures, durations and batches, without probes, scrapes and the page's own", async () => {
  const model = doubling();
  await using server = await serve([model]);
  const read = async (): Promise<LiveReading> => (await send(server.port, { path: "/page/live" })).json() as unknown as LiveReading;
  const before = await read();
  expect(before).toMatchObject({ requests: 0, runners: [{ name: "double", batches: 0, items: 0, queuedItems: 0, workers: 0, idleWorkers: 0, restarts: 0 }] });
  await send(server.port, { path: "/v2/models/double/infer", body: goodBody });
  await send(server.port, { path: "/v2/models/double/infer", body: {} });
  for (const path of ["/livez", "/metrics", "/", "/page/summary", "/page/none.js"]) await send(server.port, { path });
  model.runner.queuedItems = 4;
  channel("bentoml:batch").publish(batch);
  channel("bentoml:batch").publish({ ...batch, runner: "another" });
  const after = await read();
  expect(after).toMatchObject({ watch: before.watch, requests: 2, failures: 1, runners: [{ batches: 1, items: 5, queuedItems: 4 }] });
  expect(after.atMs).toBeGreaterThan(before.atMs);
  expect(after.durations.counts.reduce((sum, count) => sum + count)).toBe(2);
  expect(after.durations.counts).toHaveLength(after.durations.boundsMs.length + 1);
});

test("the page's data comes when no other request is let in", async () => {
  const { model, called, answer } = waiting();
  await using server = await serve([model], { maxConcurrency: 1 });
  const call = send(server.port, { path: "/v2/models/wait/infer", body: goodBody });
  await called;
  expect((await send(server.port, { path: "/v2" })).status).toBe(429);
  for (const path of ["/page/live", "/page/summary"]) expect((await send(server.port, { path })).status).toBe(200);
  answer();
  expect((await call).status).toBe(200);
});

test("a server that asks for a secret shows the page to everybody and its data to those who have it", async () => {
  await using server = await serve([doubling()], { access: { tokens: ["secret"] } });
  for (const path of ["/", "/page/summary", "/page/live"]) {
    const refused = await send(server.port, { path });
    expect([path, refused.status, refused.headers["www-authenticate"]]).toEqual([path, 401, "Bearer"]);
    expect((await send(server.port, { path, headers: { Authorization: "Bearer secret" } })).status).toBe(200);
  }
  // The file may not be built here, but nobody is asked for a secret.
  expect((await send(server.port, { path: "/", headers: { Accept: "text/html" } })).status).not.toBe(401);
  expect((await send(server.port, { path: "/page/main.js" })).status).not.toBe(401);
});
