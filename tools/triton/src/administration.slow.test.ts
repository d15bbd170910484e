import { readFile, writeFile, rm } from "node:fs/promises";
import { NdArray } from "bentoml-core";
import { InferInput, InferRequestedOutput, TritonClient } from "bentoml-triton-http";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startTriton, type StartedTriton } from "./index.js";
import { refusal } from "./testing/refusal.js";
import { addends, rows } from "./testing/rows.js";

let triton: StartedTriton;
let client: TritonClient;

beforeAll(async () => {
  triton = await startTriton({ models: ["add_sub", "identity_fp32", "linear_batched", "versions"] });
  client = new TritonClient(triton.url);
});

afterAll(async () => {
  await client.close();
  await triton.stop();
});

describe("statistics", () => {
  test("of a model, of one version, and of all", async () => {
    await client.infer("add_sub", addends());
    await client.infer("linear_batched", { x: NdArray.from([[1, 2, 3, 4]]) });
    const batched = (await client.getInferenceStatistics("linear_batched")).model_stats;
    expect(batched[0]).toMatchObject({ inference_count: 1, batch_stats: [{ batch_size: 1, compute_infer: { count: 1 } }] });
    const [ofModel] = (await client.getInferenceStatistics("add_sub")).model_stats;
    expect(ofModel).toMatchObject({ name: "add_sub", version: "1", inference_count: 1, execution_count: 1 });
    expect(ofModel?.inference_stats?.["success"]?.count).toBe(1);
    expect(ofModel?.inference_stats?.["success"]?.ns).toBeGreaterThan(0);
    const ofVersion = await client.getInferenceStatistics("versions", { modelVersion: "1" });
    expect(ofVersion.model_stats.map(({ version }) => version)).toEqual(["1"]);
    const ofAll = await client.getInferenceStatistics();
    expect(ofAll.model_stats.map(({ name, version }) => `${name}:${version}`).sort()).toEqual(["add_sub:1", "identity_fp32:1", "linear_batched:1", "versions:1", "versions:3"]);
  });

  test("of an unknown model", async () => {
    expect(await refusal(client.getInferenceStatistics("nope"))).toMatchObject({ status: 400, text: "requested model 'nope' is not available" });
  });
});

describe("system shared memory", () => {
  const path = "/dev/shm/bentoml_triton_test";
  const key = "/bentoml_triton_test";

  beforeAll(() => writeFile(path, new Uint8Array(4096)));
  afterAll(() => rm(path));

  function inRegion(byteSize: number, offset: number): InferInput[] {
    return [new InferInput("INPUT0", [1, 16], "FP32").setSharedMemory("r0", byteSize, offset)];
  }

  test("a region's life", async () => {
    expect(await client.getSystemSharedMemoryStatus()).toEqual([]);
    await client.registerSystemSharedMemory("r0", key, 4096);
    const region = { name: "r0", key, offset: 0, byte_size: 4096 };
    expect(await client.getSystemSharedMemoryStatus()).toEqual([region]);
    expect(await client.getSystemSharedMemoryStatus("r0")).toEqual([region]);
    expect(await refusal(client.registerSystemSharedMemory("r0", key, 4096))).toMatchObject({ status: 400, text: "shared memory region 'r0' already in manager" });
    expect(await refusal(client.getSystemSharedMemoryStatus("zz"))).toMatchObject({ status: 404, text: "Unable to find system shared memory region: 'zz'" });
  });

  test("input and output in it", async () => {
    const bytes = await readFile(path);
    bytes.set(new Uint8Array(rows(1).data.buffer));
    await writeFile(path, bytes);
    const output = new InferRequestedOutput("OUTPUT0").setSharedMemory("r0", 64, 1024);
    const result = await client.infer("identity_fp32", inRegion(64, 0), { outputs: [output] });
    expect(() => result.asNdArray("OUTPUT0")).toThrow('Output "OUTPUT0" came without its elements: they lie in shared memory.');
    expect(result.asNdArrays()).toEqual({});
    const written = await readFile(path);
    expect(new Float32Array(new Uint8Array(written.subarray(1024, 1088)).buffer)).toEqual(rows(1).data);
    expect((await client.infer("identity_fp32", inRegion(64, 0), { outputs: [new InferRequestedOutput("OUTPUT0")] })).asNdArray("OUTPUT0")).toEqual(rows(1));
  });

  test("what does not fit", async () => {
    const tooSmall = new InferRequestedOutput("OUTPUT0").setSharedMemory("r0", 8);
    expect(await refusal(client.infer("identity_fp32", { INPUT0: rows(1) }, { outputs: [tooSmall] }))).toMatchObject({
      status: 500,
      text: "shared memory size specified with the request for output 'OUTPUT0' (8 bytes) should be at least 64 bytes to hold the results",
    });
    expect(await refusal(client.infer("identity_fp32", inRegion(64, 4090)))).toMatchObject({ status: 400, text: "Invalid offset + byte size for shared memory region: 'r0'" });
    const unknown = [new InferInput("INPUT0", [1, 16], "FP32").setSharedMemory("zz", 64)];
    expect(await refusal(client.infer("identity_fp32", unknown))).toMatchObject({ status: 404, text: "Unable to find shared memory region: 'zz'" });
    expect(await refusal(client.registerSystemSharedMemory("r1", "/bentoml_nope", 64))).toMatchObject({ text: "Unable to open shared memory region: '/bentoml_nope'" });
    expect(await refusal(client.registerSystemSharedMemory("r1", key, 10_000_000))).toMatchObject({ text: `Invalid shared memory region: '${key}'` });
  });

  test("unregister one, an unknown one, and all", async () => {
    await client.unregisterSystemSharedMemory("zz");
    await client.unregisterSystemSharedMemory("r0");
    await client.unregisterSystemSharedMemory();
    expect(await client.getSystemSharedMemoryStatus()).toEqual([]);
  });
});

test("CUDA shared memory, on a machine without a GPU", async () => {
  expect(await client.getCudaSharedMemoryStatus()).toEqual([]);
  expect(await refusal(client.getCudaSharedMemoryStatus("zz"))).toMatchObject({ status: 404, text: "Unable to find cuda shared memory region: 'zz'" });
  const registered = client.registerCudaSharedMemory("c0", new Uint8Array(64), 0, 64);
  expect(await refusal(registered)).toMatchObject({ status: 400, text: "failed to register shared memory region: invalid args" });
  await client.unregisterCudaSharedMemory("zz");
  await client.unregisterCudaSharedMemory();
});

test("trace settings of the server and of a model", async () => {
  const off = await client.getTraceSettings();
  expect(off).toMatchObject({ trace_level: ["OFF"], trace_rate: "1000", trace_count: "-1", log_frequency: "0", trace_mode: "triton" });
  const on = await client.updateTraceSettings({ trace_level: ["TIMESTAMPS", "TENSORS"], trace_rate: "100", trace_count: "5" });
  expect(on).toMatchObject({ trace_level: ["TIMESTAMPS", "TENSORS"], trace_rate: "100", trace_count: "5" });
  expect(await client.updateTraceSettings({ trace_rate: "7" }, "add_sub")).toMatchObject({ trace_rate: "7", trace_count: "5" });
  expect(await client.getTraceSettings("add_sub")).toMatchObject({ trace_rate: "7" });
  expect(await client.getTraceSettings()).toEqual(on);
  expect(await client.updateTraceSettings({ trace_rate: null }, "add_sub")).toEqual(on);
  for (const unknown of [{ zzz: "1" }, { trace_level: ["ZZZ"] }]) expect(await client.updateTraceSettings(unknown)).toEqual(on);
  expect(await refusal(client.updateTraceSettings({ trace_file: "elsewhere.json" }))).toEqual({
    name: "BentoMLError",
    status: 501,
    text: "trace file location can not be updated through network protocol",
  });
  expect(await refusal(client.updateTraceSettings({ trace_rate: "abc" }))).toMatchObject({ status: 400, text: "Unable to parse 'trace_rate', got: abc" });
  expect(await refusal(client.getTraceSettings("nope"))).toMatchObject({ status: 400, text: "Request for unknown model : nope" });
  expect(await client.updateTraceSettings({ trace_level: null, trace_rate: null, trace_count: null, log_frequency: null })).toEqual(off);
});

test("log settings", async () => {
  const settings = await client.getLogSettings();
  expect(settings).toEqual({ log_file: "", log_info: true, log_warning: true, log_error: true, log_verbose_level: 0, log_format: "default" });
  expect(await client.updateLogSettings({ log_format: "ISO8601", log_verbose_level: 1 })).toEqual({ ...settings, log_format: "ISO8601", log_verbose_level: 1 });
  expect(await client.updateLogSettings({ log_format: "default", log_verbose_level: 0, zzz: 1 })).toEqual(settings);
  expect(await refusal(client.updateLogSettings({ log_file: "x.log" }))).toMatchObject({ status: 501, text: "log file location can not be updated through network protocol" });
  expect(await refusal(client.updateLogSettings({ log_format: "zzz" }))).toMatchObject({ name: "ServiceUnavailableError", text: "invalid argument for --log_format, got: zzz" });
  expect(await refusal(client.updateLogSettings({ log_info: "yes" }))).toMatchObject({ status: 500, text: "attempt to access JSON non-boolean as boolean" });
});

describe("the repository", () => {
  const config = {
    backend: "python",
    max_batch_size: 4,
    input: [{ name: "INPUT0", data_type: "TYPE_FP32", dims: [2] }],
    output: [{ name: "OUTPUT0", data_type: "TYPE_FP32", dims: [2] }],
    instance_group: [{ count: 1, kind: "KIND_CPU" }],
  };
  const doubling = Buffer.from(`import triton_python_backend_utils as triton


class TritonPythonModel:
    def execute(self, requests):
        tensors = [triton.get_input_tensor_by_name(request, "INPUT0").as_numpy() for request in requests]
        return [triton.InferenceResponse([triton.Tensor("OUTPUT0", tensor * 2)]) for tensor in tensors]
`);
  const pair = { INPUT0: NdArray.from([[1, 2]]) };

  async function entry(name: string): Promise<unknown> {
    return (await client.getModelRepositoryIndex()).find((model) => model.name === name);
  }

  test("the index, whole and of what is ready", async () => {
    expect(await entry("add_sub")).toEqual({ name: "add_sub", version: "1", state: "READY" });
    expect(await entry("load_me")).toEqual({ name: "load_me" });
    const ready = await client.getModelRepositoryIndex({ ready: true });
    expect(ready.map(({ name }) => name)).toEqual(["add_sub", "identity_fp32", "linear_batched", "versions", "versions"]);
  });

  test("load, unload, and what there is not", async () => {
    await client.loadModel("load_me");
    expect(await client.isModelReady("load_me")).toBe(true);
    await client.loadModel("load_me");
    await client.unloadModel("load_me");
    await vi.waitFor(async () => expect(await entry("load_me")).toEqual({ name: "load_me", version: "1", state: "UNAVAILABLE", reason: "unloaded" }), 20_000);
    expect(await client.isModelReady("load_me")).toBe(false);
    await client.unloadModel("load_me", { unloadDependents: true });
    await client.unloadModel("nope");
    expect(await refusal(client.loadModel("nope"))).toMatchObject({ name: "BentoMLError", status: 500, text: "failed to load 'nope', failed to poll from model repository" });
  });

  test("another configuration", async () => {
    await client.loadModel("load_me", { config: { name: "load_me", ...config } });
    expect((await client.getModelMetadata("load_me")).inputs).toEqual([{ name: "INPUT0", datatype: "FP32", shape: [-1, 2] }]);
  });

  test("other files, and a model that is in no folder", async () => {
    await client.loadModel("load_me", { config: JSON.stringify({ name: "load_me", ...config }), files: { "7/model.py": doubling } });
    const result = await client.infer("load_me", pair);
    expect([result.modelVersion, result.asNdArray("OUTPUT0").toNested()]).toEqual(["7", [[2, 4]]]);
    await client.loadModel("brand_new", { config: { name: "brand_new", ...config }, files: { "1/model.py": doubling } });
    expect((await client.infer("brand_new", pair)).asNdArray("OUTPUT0").toNested()).toEqual([[2, 4]]);
    await client.unloadModel("brand_new");
    await client.unloadModel("load_me");
  });

  test("what cannot be loaded", async () => {
    const text = "failed to load 'load_me', failed to poll from model repository";
    expect(await refusal(client.loadModel("load_me", { config: "{nope" }))).toMatchObject({ status: 500, text });
    await expect(client.loadModel("load_me", { files: { "1/model.py": doubling } })).rejects.toThrow("cannot be loaded with files alone: give its config too");
  });

  test("a model that fails to load makes the server unready until it loads well", async () => {
    const refused = await refusal(client.loadModel("broken"));
    expect(refused.status).toBe(400);
    expect(refused.text).toContain("load failed for model 'broken': version 1 is at UNAVAILABLE state: Internal: RuntimeError: this model cannot be imported");
    expect(await entry("broken")).toMatchObject({ state: "UNAVAILABLE", reason: expect.stringContaining("this model cannot be imported") });
    expect(await client.isServerReady()).toBe(false);
    expect(await client.isServerLive()).toBe(true);
    await client.loadModel("broken", { config: { name: "broken", ...config }, files: { "1/model.py": doubling } });
    await vi.waitFor(async () => expect(await client.isServerReady()).toBe(true), 20_000);
  });
});
