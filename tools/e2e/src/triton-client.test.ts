import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Configuration, isBentoMLError, ModelRunError, ModelStore, NdArray, Runnable, Runner, type Dtype, type NamedTensors, type TensorSpec } from "bentoml-core";
import { ModelServer, type ServedModel } from "bentoml-server";
import { fromServer, get, InferInput, InferRequestedOutput, saveModel, TritonClient } from "bentoml-triton-http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** Our own server as plain Open Inference Protocol, with the client of Triton's. */

class Models extends Runnable {
  static override readonly methods = { identity: {}, sums: {} };
  identity({ x }: NamedTensors): NdArray {
    if (x?.dtype === "float32" && x.size > 0 && x.data[0] === 13) throw new ModelRunError("unlucky");
    return x as NdArray;
  }
  sums({ a, b }: Readonly<Record<"a" | "b", NdArray<"int32">>>): NamedTensors {
    const combine = (sign: number): NdArray => new NdArray("int32", a.shape, a.data.map((value, index) => value + sign * (b.data[index] ?? 0)));
    return { sum: combine(1), difference: combine(-1) };
  }
}

const spec = (name: string, dtype: Dtype): TensorSpec => ({ name, dtype, shape: [-1] });
const values: Readonly<Partial<Record<Dtype, NdArray>>> = {
  bool: NdArray.from([true, false]),
  uint64: NdArray.from([2n ** 64n - 1n], "uint64"),
  int64: NdArray.from([-(2n ** 63n), 2n ** 53n + 1n], "int64"),
  float16: NdArray.from([1.5, -2], "float16"),
  bfloat16: NdArray.from([1.5, -2], "bfloat16"),
  float32: NdArray.from([0.5, NaN, Infinity]),
  float64: NdArray.from([0.1, -0], "float64"),
  string: NdArray.from(["", "é☃"], "string"),
};
const dtypes = Object.keys(values) as (keyof typeof values)[];

const runner = new Runner(Models, { embedded: true });
let server: ModelServer;
let client: TritonClient;
let url: string;

beforeAll(async () => {
  const model = (name: string, method: string, inputs: TensorSpec[], outputs: TensorSpec[]): ServedModel => ({ name, version: "1", runner, method, inputs, outputs, platform: "test" });
  const identities = dtypes.map((dtype) => model(`identity_${dtype}`, "identity", [spec("x", dtype)], [spec("y", dtype)]));
  const sums = model("sums", "sums", [spec("a", "int32"), spec("b", "int32")], [spec("sum", "int32"), spec("difference", "int32")]);
  await runner.init();
  server = new ModelServer({ models: [...identities, sums] });
  const { port } = await server.listen({ port: 0 });
  url = `http://127.0.0.1:${port}`;
  client = new TritonClient(url);
});

afterAll(async () => {
  await client.close();
  await server.close({ graceMs: 0 });
  await runner.destroy();
});

describe("the client", () => {
  test("asks for health and metadata", async () => {
    expect([await client.isServerLive(), await client.isServerReady(), await client.isModelReady("sums"), await client.isModelReady("nope")]).toEqual([true, true, true, false]);
    expect((await client.getServerMetadata()).extensions).toContain("binary_tensor_data");
    expect(await client.getModelMetadata("sums")).toMatchObject({ name: "sums", inputs: [{ name: "a", datatype: "INT32" }, { name: "b", datatype: "INT32" }] });
  });

  test.each(dtypes)("%s comes back as it went", async (dtype) => {
    const x = values[dtype] as NdArray;
    expect((await client.infer(`identity_${dtype}`, { x })).asNdArray("y")).toEqual(x);
  });

  test.each([["gzip"], ["deflate"]] as const)("%s both ways", async (compression) => {
    const x = NdArray.zeros("float32", [4096]);
    const options = { requestCompression: compression, responseCompression: compression };
    expect((await client.infer("identity_float32", { x }, options)).asNdArray("y")).toEqual(x);
  });

  test("JSON both ways, an id, one output of two", async () => {
    const json = new TritonClient(url, { encoding: "json" });
    const int64 = values.int64 as NdArray;
    expect((await json.infer("identity_int64", { x: int64 })).asNdArray("y")).toEqual(int64);
    await json.close();
    const inputs = [InferInput.of("a", NdArray.from([5], "int32")), InferInput.of("b", NdArray.from([2], "int32"), { binary: false })];
    const result = await client.infer("sums", inputs, { requestId: "r", outputs: [new InferRequestedOutput("difference")] });
    expect([result.id, result.outputNames, result.asNdArray("difference").toNested()]).toEqual(["r", ["difference"], [3]]);
  });

  test("64 MB, and nothing", async () => {
    const big = new NdArray("float32", [16_000_000], new Float32Array(16_000_000).fill(0.5));
    const { data } = (await client.infer("identity_float32", { x: big })).asNdArray("y");
    expect(Buffer.compare(Buffer.from((data as Float32Array).buffer), Buffer.from(big.data.buffer))).toBe(0);
    const none = NdArray.zeros("float32", [0]);
    expect((await client.infer("identity_float32", { x: none })).asNdArray("y")).toEqual(none);
  });

  test.each([
    ["an unknown model", "nope", 404],
    ["another datatype", "identity_int64", 400],
  ])("%s is a typed error", async (_name, model, status) => {
    const error: unknown = await client.infer(model, { x: NdArray.from([1]) }).catch((reason: unknown) => reason);
    expect(isBentoMLError(error) && error.httpStatus).toBe(status);
  });
});

describe("runners", () => {
  test("of every model, of one in the store, and one server behind another", async () => {
    const all = await fromServer(url, { models: ["sums", "identity_int64"] });
    expect(await all.methods["sums"]?.([5], [2])).toEqual({ sum: NdArray.from([7], "int32"), difference: NdArray.from([3], "int32") });
    await all.destroy();

    const home = await mkdtemp(join(tmpdir(), "bentoml-e2e-"));
    const store = new ModelStore(home);
    await saveModel("far:1", { url, modelName: "identity_float32" }, { store });
    const far = get("far:1", { store });
    const own = far.toRunner();
    const signature = far.info.signatures["run"];
    const model = { name: "far", version: "1", runner: own, method: "run", inputs: signature?.inputSpec ?? [], outputs: signature?.outputSpec ?? [], platform: "triton" };
    const front = new ModelServer({ models: [model] });
    const { port } = await front.listen({ port: 0 });
    const outer = new TritonClient(`http://127.0.0.1:${port}`);
    const x = NdArray.from([1, 2]);
    expect((await outer.infer("far", { x })).asNdArray("y")).toEqual(x);
    const unlucky: unknown = await outer.infer("far", { x: NdArray.from([13]) }).catch((reason: unknown) => reason);
    expect(isBentoMLError(unlucky) && unlucky.httpStatus).toBe(500);
    await outer.close();
    await front.close({ graceMs: 0 });
    await own.destroy();
    await rm(home, { recursive: true, force: true });
  });

  test("the configuration says where a stored model is, unless the program does", async () => {
    const home = await mkdtemp(join(tmpdir(), "bentoml-e2e-"));
    const model = await saveModel("far:1", { url, modelName: "identity_float32" }, { store: new ModelStore(home) });
    const configured = (options: object): Configuration => Configuration.load({ file: false, environment: {}, options: { runners: { far: { options } } } });
    const nowhere = configured({ url: "http://127.0.0.1:9", client: { retries: 0 } });
    const lost = model.toRunner({ configuration: nowhere });
    await expect(lost.run([1])).rejects.toThrow(/127\.0\.0\.1:9/);
    await lost.destroy();
    const found = model.toRunner({ configuration: nowhere, url });
    expect(await found.run([1])).toEqual(NdArray.from([1]));
    await found.destroy();
    expect(() => model.toRunner({ configuration: configured({ uri: url }) })).toThrow(/runners\.far\.options in .* no option "uri", did you mean "url"/);
    expect(() => model.toRunner({ configuration: configured({ url: "nowhere at all" }) })).toThrow(/nowhere at all.*runners\.far\.options/s);
    await rm(home, { recursive: true, force: true });
  });

  test("in worker threads and in this thread, as any Runnable does", async () => {
    const home = await mkdtemp(join(tmpdir(), "bentoml-e2e-"));
    const store = new ModelStore(home);
    const model = await saveModel("far:1", { url, modelName: "sums" }, { store });
    const inputs = { a: NdArray.from([5], "int32"), b: NdArray.from([2], "int32") };
    const wanted = { sum: NdArray.from([7], "int32"), difference: NdArray.from([3], "int32") };
    const inWorkers = new Runner(model.toRunnable(), { name: "far", workers: 1 });
    expect(await inWorkers.run?.(inputs)).toEqual(wanted);
    await inWorkers.destroy();
    const here = model.toRunner();
    await here.initLocal({ quiet: true });
    expect(await here.run(inputs)).toEqual(wanted);
    await here.destroy();
    await rm(home, { recursive: true, force: true });
  });
});
