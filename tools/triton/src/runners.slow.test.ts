import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kwargs, ModelStore, NdArray, type AnyRunner } from "bentoml-core";
import { fromServer, get, InferInput, saveModel, TritonRunner } from "bentoml-triton-http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTriton, type StartedTriton } from "./index.js";
import { refusal } from "./testing/refusal.js";
import { addends } from "./testing/rows.js";

const x = NdArray.from([[1, 2, 3, 4]]);
const y = NdArray.from([[60.5, 69.5, 81]]);

let triton: StartedTriton;
let runner: TritonRunner;
let home: string;
let store: ModelStore;

beforeAll(async () => {
  const models = ["linear_batched", "add_sub", "identity_bytes", "identity_fp16", "identity_nd", "mock_llm", "repeat_decoupled", "raise_error", "slow", "versions", "params_echo"];
  triton = await startTriton({ models });
  runner = await fromServer(triton.url);
  home = await mkdtemp(join(tmpdir(), "bentoml-triton-store-"));
  store = new ModelStore(home);
});

afterAll(async () => {
  await runner.destroy();
  await triton.stop();
  await rm(home, { recursive: true, force: true });
});

function method(name: string): AnyRunner["methods"][string] {
  return runner.methods[name] as AnyRunner["methods"][string];
}

describe("a runner of a whole server", () => {
  test("has a method for each model that is ready, and is ready itself", async () => {
    expect(Object.keys(runner.methods)).toContain("linear_batched");
    expect(Object.keys(runner.methods)).not.toContain("load_me");
    expect(method("mock_llm").config.stream).toBe(true);
    await runner.init();
    expect(await runner.runnerHandleIsReady(5_000)).toBe(true);
    expect(runner.facts).toEqual({ url: triton.url });
  });

  test.each<[string, readonly unknown[]]>([
    ["an array", [x]],
    ["nested lists", [[[1, 2, 3, 4]]]],
    ["a typed array, which takes the input's shape", [Float32Array.of(1, 2, 3, 4)]],
    ["an array whose dtype casts without loss", [NdArray.from([[1, 2, 3, 4]], "int16")]],
    ["a keyword", [kwargs({ x })]],
    ["a record", [{ x }]],
    ["an InferInput", [InferInput.of("x", x)]],
  ])("takes %s", async (_name, args) => {
    expect(await method("linear_batched")(...args)).toEqual(y);
  });

  test("several inputs by place or by name, several outputs as a record", async () => {
    const { INPUT0, INPUT1 } = addends();
    const byPlace = await method("add_sub")(INPUT0, INPUT1);
    expect(Object.keys(byPlace as object)).toEqual(["OUTPUT0", "OUTPUT1"]);
    expect((byPlace as { OUTPUT1: NdArray }).OUTPUT1.at(0, 0)).toBe(-1);
    expect(await method("add_sub")(kwargs({ INPUT1, INPUT0 }))).toEqual(byPlace);
    expect(await method("add_sub")({ INPUT1, INPUT0 })).toEqual(byPlace);
  });

  test("texts and half precision", async () => {
    expect(await method("identity_bytes")(["a", "☃"])).toEqual(NdArray.from(["a", "☃"], "string"));
    const half = NdArray.from([1.5, -2], "float16");
    expect(await method("identity_fp16")(half)).toEqual(half);
  });

  test.each<[string, readonly unknown[], string]>([
    ["by place and by name at once", [addends().INPUT0, kwargs({ INPUT1: addends().INPUT1 })], 'Model "add_sub" was given 1 inputs by place and 1 by name'],
    ["too many", [1, 2, 3], 'Model "add_sub" has 2 inputs ("INPUT0", "INPUT1"), but 3 were given.'],
    ["too few", [addends().INPUT0], 'The inputs of model "add_sub" are "INPUT0", "INPUT1"; missing: "INPUT1".'],
    ["unknown names", [kwargs({ ...addends(), INPUT2: 1 })], 'unknown: "INPUT2".'],
    ["a wrong shape", [NdArray.zeros("int32", [1, 15]), addends().INPUT1], 'Input "INPUT0" wants INT32 [-1, 16] (-1: any size), but was given INT32 [1, 15].'],
    ["a value that does not fit the dtype", [NdArray.from([Array.from({ length: 16 }, () => 1.5)]), addends().INPUT1], 'Input "INPUT0" wants INT32 [-1, 16]: '],
    ["an InferInput of another datatype", [InferInput.of("INPUT0", x), addends().INPUT1], 'Input "INPUT0" wants INT32 [-1, 16] (-1: any size), but was given FP32 [1, 4].'],
  ])("refuses inputs before they are sent: %s", async (_name, args, message) => {
    await method("add_sub")(addends());
    const refused = await refusal(method("add_sub")(...args));
    expect(refused.name).toBe("InvalidArgumentError");
    await expect(method("add_sub")(...args)).rejects.toThrow(message);
  });

  test("the caller may change its array as soon as it has called, also before the metadata are there", async () => {
    const fresh = new TritonRunner({ url: triton.url, models: { linear: { modelName: "linear_batched" } } });
    for (const _call of ["the first", "a later one"]) {
      const mine = NdArray.from([[1, 2, 3, 4]]);
      const answer = fresh.methods["linear"]?.(mine);
      mine.data.fill(0);
      expect(await answer).toEqual(y);
    }
    await fresh.destroy();
  });

  test("errors of the model, an abort, a deadline, a request id", async () => {
    expect(await refusal(method("raise_error")([0]))).toEqual({ name: "ModelRunError", status: 500, text: "boom from the model" });
    expect(await refusal(method("slow").with({ timeoutMs: 50 })([1000]))).toMatchObject({ name: "DeadlineExceededError" });
    const reason = new Error("gone");
    await expect(method("slow").with({ signal: AbortSignal.abort(reason) })([1000])).rejects.toBe(reason);
    const seen = (await method("params_echo").with({ requestId: "abc", priority: "high" })([0])) as NdArray<"string">;
    expect(JSON.parse(seen.at(0))).toMatchObject({ request_id: "abc" });
  });

  test("a decoupled model is a stream of arrays, or of records", async () => {
    const words: unknown[] = [];
    for await (const word of method("mock_llm").stream(kwargs({ text_input: ["one two"], stream: [true] }))) words.push((word as NdArray).at(0));
    expect(words).toEqual(["one", "two"]);
    const items: unknown[] = [];
    for await (const item of method("repeat_decoupled").stream([7, 8])) items.push(item);
    expect(items).toEqual([7, 8].map((value, index) => ({ OUT: NdArray.from([value], "int32"), IDX: NdArray.from([index], "uint32") })));
    const failing = method("repeat_decoupled").stream([7, -1]);
    expect((await failing.next()).done).toBe(false);
    expect(await refusal(failing.next())).toMatchObject({ name: "ModelRunError", text: "negative value at 1" });
  });

  test("after destroy calls are refused until another init", async () => {
    const other = await fromServer(triton.url, { models: ["linear_batched"] }, { name: "linear" });
    expect(await other.run?.(x)).toEqual(y);
    await other.destroy();
    expect(await refusal(other.run?.(x) as Promise<unknown>)).toMatchObject({ name: "RunnerNotInitializedError" });
    await Promise.all([other.init(), other.init()]);
    expect(await other.run?.(x)).toEqual(y);
    await other.destroy();
  });
});

describe("a model of the store", () => {
  test("keeps where it is and what it takes, and runs", async () => {
    await saveModel("linear:1", { url: triton.url, modelName: "linear_batched" }, { store, labels: { stage: "test" } });
    const model = get("linear:latest", { store });
    expect(model.info.signatures["run"]?.inputSpec).toEqual([{ name: "x", dtype: "float32", shape: [-1, 4] }]);
    expect(model.info.signatures["run"]?.outputSpec).toEqual([{ name: "y", dtype: "float32", shape: [-1, 3] }]);
    expect(model.info.context).toMatchObject({ frameworkName: "triton", frameworkVersions: { triton: "2.51.0" } });
    const own = model.toRunner();
    expect(own.name).toBe("linear");
    expect(await own.run(x)).toEqual(y);
    await own.destroy();
  });

  test("of one version", async () => {
    await saveModel("first", { url: triton.url, modelName: "versions", modelVersion: "1" }, { store });
    const own = get("first", { store }).withOptions({ name: "one" }).toRunner();
    expect(own.name).toBe("one");
    expect(await own.run([0])).toEqual(NdArray.from([1], "int32"));
    await own.destroy();
  });

  test("runs in this thread too, as any Runnable does", async () => {
    const local = get("linear", { store }).toRunner();
    await local.initLocal({ quiet: true });
    expect(await local.run(x)).toEqual(y);
    await local.destroy();
  });

  test("a model that the server does not have, and an option that there is not", async () => {
    expect(await refusal(saveModel("nope", { url: triton.url, modelName: "nope" }, { store }))).toMatchObject({ name: "NotFoundError", status: 404 });
    expect(() => get("nope", { store })).toThrow("nope");
    expect(() => get("linear", { store }).toRunner({ uri: "x" } as object)).toThrow('has no option "uri"');
  });
});
