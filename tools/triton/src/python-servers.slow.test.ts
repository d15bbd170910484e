import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ModelStore, NdArray } from "bentoml-core";
import { fromServer, saveModel, TritonClient, type TritonRunner } from "bentoml-triton-http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPythonServer, type StartedPythonServer } from "./started-python-server.js";
import { refusal } from "./testing/refusal.js";

const x = NdArray.from([[1.5, 2]]);
const y = NdArray.from([[3, 4]]);
const z = NdArray.from([[2.5, 3]]);
const unlucky = NdArray.from([[13, 0]]);

/** What both servers do alike. KServe reads bytes, and does not say so. */
describe.each([
  ["mlserver", ["json"]],
  ["kserve", ["json", "binary"]],
] as const)("%s", (name, encodings) => {
  let server: StartedPythonServer;
  let client: TritonClient;
  let runner: TritonRunner;

  beforeAll(async () => {
    server = await startPythonServer(name);
    client = new TritonClient(server.url, { encoding: "json" });
    runner = await fromServer(server.url, { models: ["twice"] });
  });

  afterAll(async () => {
    await runner.destroy();
    await client.close();
    await server.stop();
  });

  test("says how it is, and what its model takes", async () => {
    expect(await Promise.all([client.isServerLive(), client.isServerReady(), client.isModelReady("twice"), client.isModelReady("nope")])).toEqual([true, true, true, false]);
    expect((await client.getServerMetadata()).name).toBe(name);
    const { inputs, outputs } = await client.getModelMetadata("twice");
    expect(inputs).toEqual([{ name: "x", datatype: "FP32", shape: [-1, 2] }]);
    expect(outputs.map((output) => output.name)).toEqual(["y", "z"]);
  });

  test.each(encodings)("runs its model, with tensors as %s", async (encoding) => {
    const own = new TritonClient(server.url, { encoding });
    const result = await own.infer("twice", { x }, { requestId: "r-1" });
    expect([result.id, result.asNdArrays()]).toEqual(["r-1", { y, z }]);
    const big = NdArray.zeros("float32", [1_000, 2]);
    expect((await own.infer("twice", { x: big }, { outputs: ["y"] })).asNdArray("y")).toEqual(big);
    expect(await refusal(own.infer("twice", { x: unlucky }))).toMatchObject({ text: "unlucky" });
    expect(await refusal(own.infer("nope", { x }))).toMatchObject({ name: "NotFoundError", status: 404 });
    await own.close();
  });

  test("its model is a runner's method, whose arguments are checked first", async () => {
    const twice = runner.methods["twice"] as NonNullable<typeof runner.run>;
    expect(await twice([[1.5, 2]])).toEqual({ y, z });
    expect(await runner.runnerHandleIsReady(5_000)).toBe(true);
    await expect(twice([[1, 2, 3]])).rejects.toThrow('Input "x" wants FP32 [-1, 2]');
    expect((await refusal(twice(unlucky))).text).toBe("unlucky");
    expect(await Promise.all(Array.from({ length: 20 }, () => twice(x)))).toEqual(Array.from({ length: 20 }, () => ({ y, z })));
  });

  test("its model can be kept in the store", async () => {
    const home = await mkdtemp(join(tmpdir(), "bentoml-python-server-"));
    const model = await saveModel("twice:1", { url: server.url, modelName: "twice" }, { store: new ModelStore(home) });
    expect(model.info.signatures["run"]?.inputSpec).toEqual([{ name: "x", dtype: "float32", shape: [-1, 2] }]);
    const own = model.toRunner();
    expect(await own.run(x)).toEqual({ y, z });
    await own.destroy();
    await rm(home, { recursive: true });
  });

  test("what it does not have is told in words", async () => {
    const message = name === "mlserver" ? "has no models that are ready" : "keeps no list of its models";
    await expect(fromServer(server.url)).rejects.toThrow(message);
    expect(await refusal(client.getModelConfig("twice"))).toMatchObject({ name: "NotFoundError", status: 404 });
  });
});

describe("mlserver", () => {
  let server: StartedPythonServer;
  let client: TritonClient;

  beforeAll(async () => {
    server = await startPythonServer("mlserver");
    client = new TritonClient(server.url, { encoding: "json" });
  });

  afterAll(async () => {
    await client.close();
    await server.stop();
  });

  test.each([
    NdArray.from([true, false]),
    NdArray.from([-(2n ** 63n), 2n ** 53n + 1n], "int64"),
    NdArray.from([2n ** 64n - 1n], "uint64"),
    NdArray.from([-128, 127], "int8"),
    NdArray.from([0.1, -0], "float64"),
    NdArray.from([0.5, 16_777_216]),
    NdArray.from(["", "é☃"], "string"),
  ].map((array) => [array.dtype, array] as const))("%s comes back as it went", async (_dtype, array) => {
    expect((await client.infer("identity", { x: array })).asNdArray("x_out")).toEqual(array);
  });

  test.each(["gzip", "deflate"] as const)("answers compressed by %s", async (responseCompression) => {
    const big = NdArray.zeros("float32", [4_000]);
    expect((await client.infer("identity", { x: big }, { responseCompression })).asNdArray("x_out")).toEqual(big);
  });

  test("tensors as bytes are refused with the cure", async () => {
    const own = new TritonClient(server.url);
    await expect(own.infer("twice", { x })).rejects.toThrow('give the client { encoding: "json" }');
    await own.close();
  });

  test("an empty index of its repository", async () => {
    expect(await client.getModelRepositoryIndex()).toEqual([]);
  });
});
