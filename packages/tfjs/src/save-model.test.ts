import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { InvalidArgumentError, InvalidModelError, MissingDependencyError, ModelExistsError, NdArray, type ModelSignature } from "bentoml-core";
import { beforeAll, describe, expect, test } from "vitest";
import { get, importModel, loadModel, saveModel } from "./index.js";
import type { ModelJson } from "./model-artifacts.js";
import { backends } from "./testing/backends.js";
import { addGraph, identityGraph, linear, linearOutput, sumAndProduct, tf, useCpu } from "./testing/models.js";
import { temporaryStore } from "./testing/temporary-store.js";

const temporary = temporaryStore();
const store = (): { store: typeof temporary.store } => ({ store: temporary.store });

beforeAll(useCpu);

/** A folder with a linear model as other programs write it, and files beside it. */
async function exported(folder: string): Promise<string> {
  const { path } = await saveModel("exported", linear(), store());
  const files = ["model.json", "weights-0.bin"].map((name) => [name, readFileSync(join(path, name))] as const);
  for (const [name, bytes] of [...files, ["labels/names.txt", "a\nb"] as const, [".hidden", ""] as const]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

function graphFile(json: ModelJson, changes: object = {}): string {
  const path = temporary.file("model.json");
  writeFileSync(path, JSON.stringify({ ...json, ...changes }));
  return path;
}

const run = (model: { readonly info: { readonly signatures: Readonly<Record<string, ModelSignature>> } }): ModelSignature | undefined => model.info.signatures["run"];

describe("a saved model", () => {
  test("says its inputs, outputs and what made it", async () => {
    const { info, tag } = await saveModel("linear:v1", linear(), store());
    expect(tag.toString()).toBe("linear:v1");
    expect(info).toMatchObject({ module: "bentoml-tfjs", adapter: "bentoml-tfjs", options: { kind: "layers" }, context: { frameworkName: "tensorflowjs", frameworkVersions: { "@tensorflow/tfjs-core": tf.version_core } } });
    expect(info.signatures).toEqual({
      run: {
        batchable: true,
        batchDim: [0, 0],
        inputSpec: [{ name: "x", dtype: "float32", shape: ["batch", 3] }],
        outputSpec: [{ name: "dense", dtype: "float32", shape: ["batch", 2] }],
      },
    });
    expect(Object.keys(info.files ?? {})).toEqual(["model.json", "weights-0.bin"]);
    expect(get("linear", store()).info.signatures).toEqual(info.signatures);
  });

  test("with several inputs and outputs has them in order", async () => {
    const signature = run(await saveModel("m", sumAndProduct(), store()));
    expect(signature?.inputSpec?.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(signature?.outputSpec?.map(({ name }) => name)).toEqual(["sum", "product"]);
  });

  test("from a graph has the names and types of its signature", async () => {
    const { info } = await saveModel("m", graphFile(addGraph()), store());
    expect(info.options).toEqual({ kind: "graph" });
    expect(info.signatures["run"]).toMatchObject({
      batchable: true,
      inputSpec: [{ name: "a", dtype: "float32", shape: ["batch", 2] }, { name: "b", dtype: "float32", shape: ["batch", 2] }],
      outputSpec: [{ name: "sum" }, { name: "larger" }],
    });
  });

  test("whose first dim is fixed, or whose outputs are not told, does not batch", async () => {
    expect(run(await saveModel("a", graphFile(identityGraph("DT_FLOAT", [4, 2])), store()))?.batchable).toBe(false);
    const untold = run(await saveModel("b", graphFile(identityGraph("DT_FLOAT", [-1, 2], false)), store()));
    expect(untold).toEqual({ batchable: false, batchDim: [0, 0], inputSpec: [{ name: "x", dtype: "float32", shape: ["batch", 2] }] });
  });

  test("batches as it is told", async () => {
    const off = await saveModel("off", linear(), { ...store(), signatures: { run: { batchable: false } } });
    expect(run(off)?.batchable).toBe(false);
    const columns = await saveModel("columns", graphFile(identityGraph("DT_FLOAT", [2, -1])), { ...store(), signatures: { run: { batchDim: 1 } } });
    expect(run(columns)).toMatchObject({ batchable: true, batchDim: [1, 1] });
  });

  test("comes with its folder, hidden files aside; of a model.json come only its weights", async () => {
    const folder = await exported(temporary.file("exported"));
    const whole = await importModel("whole", folder, store());
    expect(Object.keys(whole.info.files ?? {}).sort()).toEqual(["labels/names.txt", "model.json", "weights-0.bin"]);
    const alone = await saveModel("alone", join(folder, "model.json"), store());
    expect(Object.keys(alone.info.files ?? {})).toEqual(["model.json", "weights-0.bin"]);
  });

  test("loads as TensorFlow's own model, also one saved by the other way", async () => {
    await saveModel("live", linear(), store());
    const folder = await exported(temporary.file("exported"));
    await importModel("folder", folder, store());
    for (const tag of ["live", "folder"]) {
      const model = (await loadModel(tag, { ...store(), backend: "cpu" })) as ReturnType<typeof linear>;
      const y = tf.tidy(() => (model.predict(tf.tensor2d([[1, 2, 3]])) as ReturnType<typeof tf.tensor>).arraySync());
      expect(y).toEqual([linearOutput([1, 2, 3])]);
      model.dispose();
    }
  });

  test("leaves the caller's own tensors and backend alone", async () => {
    const live = linear();
    const before = tf.memory().numTensors;
    await saveModel("m", live, store());
    expect([tf.memory().numTensors, tf.getBackend()]).toEqual([before, "cpu"]);
    expect(tf.tidy(() => (live.predict(tf.zeros([1, 3])) as ReturnType<typeof tf.tensor>).arraySync())).toEqual([[0.5, -0.5]]);
  });

  test("runs in this thread", async () => {
    const runner = (await saveModel("m", linear(), store())).toRunner({ embedded: true, backend: "wasm" });
    expect(await runner.run([[1, 2, 3]])).toEqual(NdArray.from([linearOutput([1, 2, 3])], "float32"));
    await runner.destroy();
  });
});

describe("what cannot be saved leaves nothing", () => {
  const refusals: readonly (readonly [string, () => unknown, object, new (...args: never[]) => Error, RegExp])[] = [
    ["no model", () => ({}), {}, InvalidArgumentError, /live model.*model\.json.*saved_model\.pb/],
    ["a path that is not there", () => temporary.file("nothing"), {}, InvalidArgumentError, /cannot be read/],
    ["a folder without a model", () => dirname(temporary.file("x")), {}, InvalidArgumentError, /neither a model\.json nor a saved_model\.pb/],
    ["a model.json that is no JSON", () => (writeFileSync(temporary.file("model.json"), "{"), temporary.file("model.json")), {}, InvalidModelError, /no model\.json that can be read/],
    ["a model.json without weights", () => graphFile(addGraph(), { weightsManifest: undefined }), {}, InvalidModelError, /"weightsManifest"/],
    ["a model.json of no known kind", () => graphFile(addGraph(), { format: "other", modelTopology: {} }), {}, InvalidModelError, /neither a layers model nor a graph model \(format: "other"\)/],
    ["missing weights", () => graphFile(addGraph(), { weightsManifest: [{ paths: ["gone.bin"], weights: [] }] }), {}, InvalidModelError, /gone\.bin, which cannot be read/],
    ["weights elsewhere", () => graphFile(addGraph(), { weightsManifest: [{ paths: ["../../etc/passwd"], weights: [] }] }), {}, InvalidModelError, /"\.\.\/\.\.\/etc\/passwd".*refused/],
    ["weights in the store's own file", () => graphFile(addGraph(), { weightsManifest: [{ paths: ["model.yaml"], weights: [] }] }), {}, InvalidModelError, /refused/],
    ["an unknown layer", () => graphFile(addGraph(), { format: "layers-model", modelTopology: { class_name: "MyOwn", config: {} } }), {}, InvalidModelError, /Unknown layer: MyOwn.*Layers of your own/s],
    ["a type that no array holds", () => graphFile(identityGraph("DT_COMPLEX64", [-1, 2])), {}, InvalidModelError, /"x".*DT_COMPLEX64/],
    ["batching along a fixed dim", () => graphFile(identityGraph("DT_FLOAT", [4, 2])), { signatures: { run: { batchable: true } } }, InvalidArgumentError, /dim 0 of the input "x" \[4, 2\] is fixed to 4/],
    ["batching along no dim", linear, { signatures: { run: { batchDim: 2 } } }, InvalidArgumentError, /dim 2 of the input "x".*does not exist/],
    ["a batchDim that is none", linear, { signatures: { run: { batchDim: -1 } } }, InvalidArgumentError, /batchDim is -1/],
    ["an unknown method", linear, { signatures: { predict: {} } }, InvalidArgumentError, /"predict".*methods of the live model are: run/],
    ["a misspelt option", linear, { signature_: "x" }, InvalidArgumentError, /saveModel of bentoml-tfjs has no option "signature_", did you mean "signature"\? It has: labels, metadata, signature, signatures, store, tags/],
    ["a misspelt field of a signature", linear, { signatures: { run: { batchabel: false } } }, InvalidArgumentError, /signatures\.run has no field "batchabel": it has batchable and batchDim/],
    ["tags of a layers model", linear, { tags: ["serve"] }, InvalidArgumentError, /option tags.*layers model/],
  ];

  test.each(refusals)("%s", async (_what, source, options, errorClass, message) => {
    const saved = saveModel("m", source() as never, { ...store(), ...options });
    await expect(saved).rejects.toBeInstanceOf(errorClass);
    await expect(saved).rejects.toThrow(message);
    expect(temporary.leftovers()).toEqual([]);
  });

  test("a taken tag", async () => {
    await saveModel("m:1", linear(), store());
    await expect(saveModel("m:1", linear(), store())).rejects.toBeInstanceOf(ModelExistsError);
  });

  test.skipIf(backends.includes("tensorflow"))("a SavedModel without tfjs-node, which says what to install and what else can be done", async () => {
    const folder = temporary.file("saved");
    mkdirSync(folder);
    writeFileSync(join(folder, "saved_model.pb"), "");
    const saved = importModel("m", folder, store());
    await expect(saved).rejects.toBeInstanceOf(MissingDependencyError);
    await expect(saved).rejects.toThrow(/is a SavedModel.*npm i @tensorflow\/tfjs-node.*tensorflowjs_converter/);
    expect(temporary.leftovers()).toEqual([]);
  });
});
