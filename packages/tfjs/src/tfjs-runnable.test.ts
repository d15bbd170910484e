import { writeFileSync } from "node:fs";
import { InvalidArgumentError, ModelRunError, NdArray, StateError, type NamedTensors } from "bentoml-core";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { saveModel, type ModelFacts, type TfjsModelSource, type TfjsRunnerOptions } from "./index.js";
import type { ModelJson } from "./model-artifacts.js";
import { backends } from "./testing/backends.js";
import { addGraph, identityGraph, linear, linearOutput, sumAndProduct, tf, useCpu, whereGraph } from "./testing/models.js";
import { temporaryStore } from "./testing/temporary-store.js";
import { TfjsRunnable, type ModelDescription } from "./tfjs-runnable.js";

const temporary = temporaryStore();

beforeAll(useCpu);

interface Opened {
  readonly runnable: TfjsRunnable;
  readonly facts: ModelFacts;
}

async function open(model: TfjsModelSource | ModelJson, options: TfjsRunnerOptions = {}): Promise<Opened> {
  const saved = await saveModel("m", "modelTopology" in (model as object) ? written(model as ModelJson) : (model as TfjsModelSource), { store: temporary.store });
  const reference = saved.toRunnable(options);
  expect(reference.export).toBe("TfjsRunnable");
  const runnable = new TfjsRunnable(structuredClone(reference.params) as ModelDescription);
  const facts = await runnable.setup({ workerIndex: 1 });
  onTestFinished(() => runnable.teardown());
  return { runnable, facts };
}

function written(json: ModelJson): string {
  const path = temporary.file("model.json");
  writeFileSync(path, JSON.stringify(json));
  return path;
}

const floats = (...rows: readonly (readonly number[])[]): NdArray => NdArray.from(rows, "float32");

describe.each(backends)("on %s", (backend) => {
  test("a layers model computes what it must, and says what computes", async () => {
    const { runnable, facts } = await open(linear(), { backend });
    expect(facts).toEqual({ backend, engineVersion: tf.version_core });
    const y = (await runnable.run({ x: floats([1, 2, 3], [-1, 0, 1]) })) as NdArray;
    expect(y).toEqual(floats(linearOutput([1, 2, 3]), linearOutput([-1, 0, 1])));
  });

  test("several inputs and outputs by name", async () => {
    const { runnable } = await open(sumAndProduct(), { backend });
    const results = (await runnable.run({ b: floats([3, 4]), a: floats([1, 2]) })) as NamedTensors;
    expect(results).toEqual({ sum: floats([4, 6]), product: floats([3, 8]) });
    expect(Object.keys(results)).toEqual(["sum", "product"]);
  });

  test("a graph model by the names of its signature", async () => {
    const { runnable } = await open(addGraph(), { backend });
    expect(await runnable.run({ a: floats([1, 2]), b: floats([3, 0]) })).toEqual({ sum: floats([4, 2]), larger: floats([3, 2]) });
  });

  test("a graph whose output depends on values", async () => {
    const { runnable } = await open(whereGraph(), { backend });
    const x = NdArray.from([true, false, true]);
    for (let round = 0; round < 3; round++) expect(((await runnable.run({ x })) as NdArray).toNested()).toEqual([[0], [2]]);
  });

  test.each([
    ["DT_FLOAT", NdArray.from([[-1.5, Infinity, 3]], "float32")],
    ["DT_INT32", NdArray.from([[-(2 ** 31), 0, 2 ** 31 - 1]], "int32")],
    ["DT_BOOL", NdArray.from([[true, false, true]])],
    ["DT_STRING", NdArray.from([["", "ab", "žluťoučký 🐎"]])],
  ])("values of %s come back in memory of their own", async (type, x) => {
    const { runnable } = await open(identityGraph(type, [-1, 3]), { backend });
    const y = (await runnable.run({ x })) as NdArray;
    expect(y).toEqual(x);
    expect(y.data).not.toBe(x.data);
    expect(y.owned()).toBe(y);
    if (!Array.isArray(y.data)) expect(y.data.buffer).not.toBe((x.data as Uint8Array).buffer);
  });

  test("views with an offset and shared memory are read right", async () => {
    const { runnable } = await open(linear(), { backend });
    const view = floats([9, 9, 9], [1, 2, 3]).slice(0, 1, 2);
    expect(((await runnable.run({ x: view })) as NdArray).toNested()).toEqual([linearOutput([1, 2, 3])]);
    const shared = new Float32Array(new SharedArrayBuffer(12)).fill(7);
    expect(((await runnable.run({ x: new NdArray("float32", [1, 3], shared) })) as NdArray).toNested()).toEqual([linearOutput([7, 7, 7])]);
  });

  test.each([
    ["a layers model", () => linear(), { x: floats([1, 2, 3]) }],
    ["a graph model", () => addGraph(), { a: floats([1, 2]), b: floats([3, 4]) }],
    ["a graph that runs asynchronously", () => whereGraph(), { x: NdArray.from([true, false]) }],
  ])("10,000 calls of %s leave no tensor behind", async (_what, make: () => TfjsModelSource | ModelJson, feeds: NamedTensors) => {
    const { runnable } = await open(make(), { backend });
    // Switching to and fro for every call would take most of the time.
    await tf.setBackend(backend);
    onTestFinished(() => void tf.setBackend("cpu"));
    await runnable.run(feeds);
    const before = tf.memory().numTensors;
    for (let call = 0; call < 10_000; call++) await runnable.run(feeds);
    expect(tf.memory().numTensors).toBe(before);
  }, 120_000);

  test("a call that fails leaves no tensor behind, and names shapes and the engine's reason", async () => {
    const { runnable } = await open(addGraph(), { backend });
    const before = tf.memory().numTensors;
    const failed = runnable.run({ a: floats([1, 2]), b: floats([1, 2, 3]) });
    await expect(failed).rejects.toBeInstanceOf(ModelRunError);
    await expect(failed).rejects.toThrow(/^m:\w+ failed on a float32 \[1, 2\], b float32 \[1, 3\]: /);
    expect(tf.memory().numTensors).toBe(before);
  });

  test("teardown gives the weights back, and setup may follow again", async () => {
    const live = linear();
    const before = tf.memory().numTensors;
    const { runnable } = await open(live, { backend });
    expect(tf.memory().numTensors).toBe(before + 2);
    runnable.teardown();
    runnable.teardown();
    expect(tf.memory().numTensors).toBe(before);
    expect(() => runnable.run({ x: floats([1, 2, 3]) })).toThrow(StateError);
    await runnable.setup({ workerIndex: 1 });
    expect(((await runnable.run({ x: floats([0, 0, 0]) })) as NdArray).toNested()).toEqual([[0.5, -0.5]]);
  });

  test("the thread keeps the backend that its own code uses", async () => {
    const { runnable } = await open(linear(), { backend });
    expect(tf.getBackend()).toBe("cpu");
    await runnable.run({ x: floats([1, 2, 3]) });
    expect(tf.getBackend()).toBe("cpu");
  });
});

describe("the choice of a backend", () => {
  test("is the first of the ladder, and worker 0 says so in one line where it is not the best", async () => {
    const warnings = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    onTestFinished(() => warnings.mockRestore());
    const { runnable, facts } = await open(linear());
    expect(facts.backend).toBe(backends[0]);
    await runnable.setup({ workerIndex: 0 });
    if (backends[0] === "tensorflow") expect(warnings).not.toHaveBeenCalled();
    else {
      expect(warnings).toHaveBeenCalledExactlyOnceWith(
        expect.stringMatching(/^m:\w+ runs on the backend "wasm"\. .*@tensorflow\/tfjs-node, which is not installed: npm i .*toRunner\({ backend: "wasm" }\)/),
        { type: "BentoMLWarning", code: "BENTOML_TFJS_BACKEND" },
      );
    }
  });

  test("by the option is silent; a wrong one names those there are", async () => {
    const warnings = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    onTestFinished(() => warnings.mockRestore());
    const { runnable } = await open(linear(), { backend: "cpu" });
    await runnable.setup({ workerIndex: 0 });
    expect(warnings).not.toHaveBeenCalled();
    const model = await saveModel("other", linear(), { store: temporary.store });
    expect(() => model.toRunner({ backend: "webgl" as never })).toThrow(InvalidArgumentError);
    expect(() => model.toRunner({ backend: "webgl" as never })).toThrow(/"webgl".*"tensorflow", "wasm", "cpu"/);
  });
});
