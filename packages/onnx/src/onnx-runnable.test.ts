import { existsSync } from "node:fs";
import { addSub, failsOnNegative, fixedBatch, identity, mlp, sequenceOutput, slow, smallMlpSizes } from "@bentoml-tools/onnx-models";
import { InvalidArgumentError, MissingDependencyError, ModelRunError, NdArray, StateError, type Dtype, type NamedTensors } from "bentoml-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { adapter, saveModel, type OnnxRunnerOptions } from "./index.js";
import type { SessionDescription, SessionFacts } from "./onnx-session.js";
import { OnnxRunnable } from "./onnx-runnable.js";
import { openSession } from "./open-session.js";
import { bfloat16Output } from "./testing/odd-models.js";
import { temporaryStore } from "./testing/temporary-store.js";

const temporary = temporaryStore();

interface Opened {
  readonly runnable: OnnxRunnable;
  readonly facts: SessionFacts;
}

async function open(model: Uint8Array, options: OnnxRunnerOptions = {}, threads = 2): Promise<Opened> {
  const saved = await saveModel("m", model, { store: temporary.store });
  const reference = saved.toRunnable(options);
  expect(reference.export).toBe("OnnxRunnable");
  const runnable = new OnnxRunnable(structuredClone(reference.params) as SessionDescription);
  const facts = await runnable.setup({ workerIndex: 0, workerCount: 1, threads, maxBatchSize: 100, niceness: 0 });
  onTestFinished(() => runnable.teardown());
  return { runnable, facts };
}

async function runOne(model: Uint8Array, x: NdArray): Promise<NdArray> {
  const { runnable } = await open(model);
  return (await runnable.run({ x })) as NdArray;
}

const values: Readonly<Record<Exclude<Dtype, "bfloat16">, unknown>> = {
  bool: [[true, false, true]],
  int8: [[-128, 0, 127]],
  int16: [[-32768, 0, 32767]],
  int32: [[-(2 ** 31), 0, 2 ** 31 - 1]],
  int64: [[-(2n ** 63n), 0n, 2n ** 63n - 1n]],
  uint8: [[0, 1, 255]],
  uint16: [[0, 1, 65535]],
  uint32: [[0, 1, 2 ** 32 - 1]],
  uint64: [[0n, 1n, 2n ** 64n - 1n]],
  float16: [[1, -2, 65504]],
  float32: [[-1.5, NaN, Infinity]],
  float64: [[-1e300, NaN, 5e-324]],
  string: [["", "ab", "žluťoučký 🐎"]],
};

describe("run", () => {
  test.each(Object.keys(values) as (keyof typeof values)[])("gives back %s values", async (dtype) => {
    const x = NdArray.from(values[dtype], dtype);
    const y = await runOne(identity(dtype), x);
    expect(y).toBeInstanceOf(NdArray);
    expect(y).toEqual(x);
  });

  test("reads views with an offset, and gives memory of its own", async () => {
    const x = NdArray.from([[9, 9, 9], [1, 2, 3]], "float32").slice(0, 1, 2);
    const y = await runOne(identity("float32"), x);
    expect(y.toNested()).toEqual([[1, 2, 3]]);
    expect(y.owned()).toBe(y);
    expect((y.data as Float32Array).buffer).not.toBe(x.data.buffer);
  });

  test("reads half-precision views with an offset", async () => {
    const x = NdArray.from([[9, 9, 9], [1, 2, 3]], "float16").slice(0, 1, 2);
    expect((await runOne(identity("float16"), x)).toNested()).toEqual([[1, 2, 3]]);
  });

  test("takes shared memory, no rows, and scalars", async () => {
    const shared = new Float32Array(new SharedArrayBuffer(12)).fill(7);
    expect((await runOne(identity("float32"), new NdArray("float32", [1, 3], shared))).toNested()).toEqual([[7, 7, 7]]);
    expect((await runOne(identity("float32"), NdArray.zeros("float32", [0, 3]))).shape).toEqual([0, 3]);
    expect((await runOne(identity("float32", { shape: [] }), NdArray.from(3, "float32"))).toNested()).toBe(3);
  });

  test("several outputs are a record in the graph's order; one chosen is its value", async () => {
    const feeds = { a: NdArray.from([[1, 2, 3, 4]], "float32"), b: NdArray.from([[1, 1, 1, 1]], "float32") };
    const both = (await (await open(addSub())).runnable.run(feeds)) as NamedTensors;
    expect(Object.keys(both)).toEqual(["sum", "difference"]);
    expect(both["sum"]?.toNested()).toEqual([[2, 3, 4, 5]]);
    const one = (await (await open(addSub(), { outputs: ["difference"] })).runnable.run(feeds)) as NdArray;
    expect(one.toNested()).toEqual([[0, 1, 2, 3]]);
  });

  test("the engine's buffers are given away: what was transferred does not come back", async () => {
    const { runnable } = await open(identity("float32"));
    const x = NdArray.from([[1, 2, 3]], "float32");
    const first = (await runnable.run({ x })) as NdArray<"float32">;
    structuredClone(first.data, { transfer: [first.data.buffer as ArrayBuffer] });
    expect(((await runnable.run({ x })) as NdArray).toNested()).toEqual([[1, 2, 3]]);
  });
});

describe("errors", () => {
  test("of the model name it, its inputs and the engine's reason", async () => {
    const { runnable } = await open(failsOnNegative());
    const failed = runnable.run({ x: NdArray.from([[1, 2, 3, -4]], "float32") });
    await expect(failed).rejects.toBeInstanceOf(ModelRunError);
    await expect(failed).rejects.toThrow(/^m:\w+ failed on x float32 \[1, 4\]: .*out of data bounds/);
    const good = (await runnable.run({ x: NdArray.from([[1, 2, 3, 4]], "float32") })) as NdArray;
    expect(good.toNested()).toEqual([[10, 20, 30, 40]]);
  });

  test.each([
    ["a dimension", NdArray.zeros("float32", [1, 5])],
    ["a rank", NdArray.zeros("float32", [4])],
    ["a dtype", NdArray.zeros("float64", [1, 4])],
  ])("of the input are told apart: %s", async (_what, x) => {
    const { runnable } = await open(failsOnNegative());
    await expect(runnable.run({ x })).rejects.toBeInstanceOf(InvalidArgumentError);
  });

  test("a missing input is the caller's fault", async () => {
    const { runnable } = await open(addSub());
    await expect(runnable.run({ a: NdArray.zeros("float32", [1, 4]) })).rejects.toBeInstanceOf(InvalidArgumentError);
  });

  test("before setup and after teardown", async () => {
    const { runnable } = await open(identity("float32"));
    await runnable.teardown();
    await runnable.teardown();
    expect(() => runnable.run({ x: NdArray.zeros("float32", [1, 3]) })).toThrow(StateError);
  });

  test("an unknown execution provider names those there are", async () => {
    const opened = open(identity("float32"), { executionProviders: ["abacus"] });
    await expect(opened).rejects.toThrow(/"abacus" is not part of this onnxruntime-node .*Available: cpu/);
  });

  test.each([["webgpu", /^The execution providers webgpu cannot be used here: (?!.*CUDA)/], ["cuda", /CUDA and TensorRT need files/]] as const)(
    "%s, which this machine has not, says what it needs",
    async (name, text) => {
      const session = { create: () => Promise.reject(new Error("no such device")) };
      const engine = { InferenceSession: session, listSupportedBackends: () => [{ name }], env: { versions: {} } };
      const opened = openSession(engine as never, "m.onnx", { executionProviders: [name] }, { threads: 1, spinning: false });
      await expect(opened).rejects.toBeInstanceOf(MissingDependencyError);
      await expect(opened).rejects.toThrow(text);
    },
  );

  test("session options that the engine refuses are told in its words", async () => {
    const opened = open(identity("float32"), { sessionOptions: { graphOptimizationLevel: "most" as never } });
    await expect(opened).rejects.toThrow(/onnxruntime refuses to open m:\w+ .*with these options: .*graphOptimizationLevel.*most/);
  });

  test("session options reach the engine", async () => {
    const optimizedModelFilePath = temporary.file("optimized.onnx");
    await open(addSub(), { sessionOptions: { optimizedModelFilePath, graphOptimizationLevel: "basic" } });
    expect(existsSync(optimizedModelFilePath)).toBe(true);
  });

  test("a model that is batchable by its model.yaml but fixed by its graph is refused", async () => {
    const saved = await saveModel("fixed:1", fixedBatch(4), { store: temporary.store });
    const run = saved.info.signatures["run"] as { batchable: boolean };
    run.batchable = true;
    expect(() => saved.toRunner()).toThrow(/is fixed to 4/);
  });
});

describe("the choice of threads", () => {
  test("a small model runs on one thread that does not spin", async () => {
    const { facts } = await open(mlp({ sizes: smallMlpSizes }));
    expect(facts).toMatchObject({ threads: 1, spinning: false, providers: ["cpu"] });
    expect(facts.warmUpMs).toBeGreaterThan(0);
    expect(facts.warmUpError).toBeUndefined();
  });

  test("a slow one runs on all that it may use, spinning", async () => {
    const { facts } = await open(slow({ repeats: 10 }), {}, 2);
    expect(facts).toMatchObject({ threads: 2, spinning: true });
    expect(facts.warmUpMs).toBeGreaterThan(1);
    expect((await open(slow({ repeats: 10 }), {}, 1)).facts).toMatchObject({ threads: 1, spinning: false });
  });

  test("the user's choice stands", async () => {
    const model = mlp({ sizes: smallMlpSizes });
    expect((await open(model, { intraOpNumThreads: 2, spinning: true })).facts).toMatchObject({ threads: 2, spinning: true });
    expect((await open(model, { sessionOptions: { intraOpNumThreads: 2 } })).facts).toMatchObject({ threads: 2, spinning: false });
  });

  test("a model that cannot run on zeros opens all the same, and tells why it guessed", async () => {
    const saved = await saveModel("pick:1", identity("float32"), { store: temporary.store });
    const params = saved.toRunnable().params as SessionDescription;
    const wrong = { ...params, inputs: [{ name: "x", dtype: "float64", shape: [1, 3], rankKnown: true }] } as const;
    const runnable = new OnnxRunnable(wrong);
    const facts = await runnable.setup({ workerIndex: 0, workerCount: 1, threads: 4, maxBatchSize: 1, niceness: 0 });
    expect(facts).toMatchObject({ threads: 1, spinning: false });
    expect(facts.warmUpError).toContain("Unexpected input data type");
    await runnable.teardown();
  });
});

test("models that cannot be opened are refused when they are saved, not when they run", async () => {
  for (const model of [sequenceOutput(), bfloat16Output()]) {
    await expect(saveModel("odd", model, { store: temporary.store })).rejects.toThrow(/cannot/);
  }
});

test("the adapter tells the command line its types", () => {
  expect(adapter.name).toBe("bentoml-onnx");
  expect(typeof adapter.typeDeclaration).toBe("function");
});
