import { METHODS } from "node:http";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { send } from "../testing/http-client.js";
import { fakeModel } from "../testing/fake-runner.js";
import { addSub, doubling, serve } from "../testing/served-fixtures.js";

test("server metadata, with and without the slash, claims only what is there", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  await using server = await serve([doubling()]);
  for (const path of ["/v2", "/v2/"]) {
    const response = await send(server.port, { path });
    expect(response.headers["content-type"]).toMatch(/^application\/json/);
    expect(response.json()).toEqual({ name: "bentoml", version, extensions: ["binary_tensor_data", "classification", "parameters", "model_configuration", "statistics", "generate"] });
  }
});

test("model metadata: versions, platform, tensors with -1 for open dimensions", async () => {
  await using server = await serve([doubling(), { ...doubling(), version: "v0" }, addSub()]);
  expect((await send(server.port, { path: "/v2/models/double" })).json()).toEqual({
    name: "double",
    versions: ["v1", "v0"],
    platform: "onnx_onnxv1",
    inputs: [{ name: "x", datatype: "FP32", shape: [-1, 2] }],
    outputs: [{ name: "y", datatype: "FP32", shape: [-1, 2] }],
  });
  expect((await send(server.port, { path: "/v2/models/double/versions/v0" })).json()).toMatchObject({ versions: ["v0"] });
  expect((await send(server.port, { path: "/v2/models/add_sub" })).json()).toMatchObject({
    inputs: [{ name: "a", datatype: "INT32", shape: [-1] }, { name: "b" }],
    outputs: [{ name: "sum" }, { name: "difference" }],
  });
});

test("model configuration: the batch dim is told by max_batch_size, where there is one", async () => {
  const fixed = fakeModel("fixed", [{ name: "x", dtype: "string", shape: [2, 3] }], [{ name: "y", dtype: "int64", shape: [2, "classes"] }], () => undefined);
  await using server = await serve([doubling(), { ...doubling(), version: "v0" }, fixed]);
  expect((await send(server.port, { path: "/v2/models/double/versions/v0/config" })).json()).toEqual({
    name: "double",
    platform: "onnx_onnxv1",
    backend: "",
    version_policy: { specific: { versions: ["v0"] } },
    max_batch_size: 16,
    input: [{ name: "x", data_type: "TYPE_FP32", dims: [2] }],
    output: [{ name: "y", data_type: "TYPE_FP32", dims: [2] }],
    dynamic_batching: {},
  });
  const config = (await send(server.port, { path: "/v2/models/fixed/config" })).json();
  expect(config).toMatchObject({ max_batch_size: 0, input: [{ data_type: "TYPE_STRING", dims: [2, 3] }], output: [{ data_type: "TYPE_INT64", dims: [2, -1] }] });
  expect(config).not.toHaveProperty("dynamic_batching");
  expect((await send(server.port, { path: "/v2/models/nope/config" })).status).toBe(404);
});

test("names are decoded, long ones too", async () => {
  const name = `a/b ${"é".repeat(60)}`;
  await using server = await serve([doubling(name)]);
  expect((await send(server.port, { path: `/v2/models/${encodeURIComponent(name)}` })).json()).toMatchObject({ name });
});

test("what is not there is 404 and says so", async () => {
  await using server = await serve([doubling()]);
  for (const path of ["/v2/models/nope", "/v2/models/nope/ready", "/v2/models/double/versions/9", "/v2/models", "/v2/models/double/nope", "/v1/models"]) {
    const response = await send(server.port, { path });
    expect([path, response.status]).toEqual([path, 404]);
    expect(response.headers["content-type"]).toMatch(/^application\/json/);
    expect(response.json()).toEqual({ error: expect.any(String) as string });
  }
});

test("every other method is 405 with Allow", async () => {
  await using server = await serve([doubling()]);
  const allowed: [string, string][] = [
    ["/v2", "GET, HEAD"],
    ["/v2/models/double", "GET, HEAD"],
    ["/v2/models/double/ready", "GET, HEAD"],
    ["/v2/models/double/infer", "POST"],
    ["/v2/models/double/versions/v1/infer", "POST"],
    ["/livez", "GET, HEAD"],
    ["/metrics", "GET, HEAD"],
  ];
  for (const [path, allow] of allowed) {
    for (const method of METHODS.filter((candidate) => candidate !== "CONNECT" && !allow.split(", ").includes(candidate))) {
      const response = await send(server.port, { path, method });
      expect([path, method, response.status]).toEqual([path, method, 405]);
      expect(response.headers["allow"]).toBe(allow);
      if (method !== "HEAD") expect(response.json()).toEqual({ error: `${method} is not allowed here, only ${allow}` });
    }
  }
});

test("probes answer JSON; a runner that is not ready shows in readiness only", async () => {
  const model = doubling();
  await using server = await serve([model, addSub()]);
  const get = async (path: string): Promise<[number, unknown]> => {
    const response = await send(server.port, { path });
    return [response.status, response.json()];
  };
  for (const path of ["/v2/health/ready", "/readyz"]) expect(await get(path)).toEqual([200, { live: true, ready: true }]);
  expect(await get("/v2/models/double/ready")).toEqual([200, { name: "double", ready: true }]);
  model.runner.isReady = false;
  for (const path of ["/v2/health/ready", "/readyz"]) {
    expect(await get(path)).toEqual([503, { live: true, ready: false, error: "not ready: double" }]);
  }
  expect(await get("/v2/models/double/ready")).toEqual([503, { name: "double", ready: false, error: "not ready: double" }]);
  expect(await get("/v2/models/add_sub/ready")).toEqual([200, { name: "add_sub", ready: true }]);
  for (const path of ["/v2/health/live", "/livez", "/healthz"]) expect(await get(path)).toEqual([200, { live: true }]);
});

test("a runner that cannot even be asked is not ready", async () => {
  const model = doubling();
  model.runner.runnerHandleIsReady = () => Promise.reject(new Error("gone"));
  await using server = await serve([model]);
  expect((await send(server.port, { path: "/readyz" })).status).toBe(503);
});
