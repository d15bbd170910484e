import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { testAdapter, type SampleCall, type SampleModel } from "bentoml-adapter-testkit";
import { NdArray } from "bentoml-core";
import { adapter, type TfjsModelSource, type TfjsRunnerOptions, type TfjsSaveOptions } from "bentoml-tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { layers, tf, tfjsBackends, useCpu } from "./tfjs-library.js";

type TfjsSample = SampleModel<TfjsModelSource, TfjsSaveOptions, TfjsRunnerOptions>;

beforeAll(useCpu);

/** Numbers that float32 holds exactly, other ones for each seed. */
function rows(count: number, seed: number): NdArray {
  return new NdArray("float32", [count, 4], Float32Array.from({ length: count * 4 }, (_, index) => seed + index + 0.5));
}

const map = (array: NdArray, change: (value: number, index: number) => number): NdArray =>
  new NdArray("float32", array.shape, Float32Array.from(array.data as Float32Array, change));

/** y = 10 * x. */
function tenfoldModel(): TfjsModelSource {
  const x = layers.input({ shape: [4], name: "x" });
  const dense = layers.layers.dense({ units: 4, useBias: false, name: "dense" });
  const model = layers.model({ inputs: x, outputs: dense.apply(x) as ReturnType<typeof layers.input> });
  tf.tidy(() => model.setWeights([tf.mul(tf.eye(4), 10)]));
  return model;
}

const tenfold = (count: number): SampleCall => ({
  args: () => [rows(count, count)],
  keywords: () => ({ x: rows(count, count) }),
  expected: map(rows(count, count), (value) => value * 10),
});

const oneInput: TfjsSample = {
  name: "one input",
  native: tenfoldModel,
  calls: [tenfold(1), tenfold(2), tenfold(3), tenfold(64)],
  invalidCalls: [
    { wrong: "dtype", args: () => [NdArray.from([["a", "b", "c", "d"]])], names: '"x"' },
    { wrong: "shape", args: () => [NdArray.zeros("float32", [1, 5])], names: '"x"' },
    { wrong: "missing input", args: () => [], names: '"x"' },
    { wrong: "extra input", args: () => [rows(1, 0), rows(1, 0)], names: "2 arguments" },
  ],
  checkLoaded: (loaded) => {
    const model = loaded as ReturnType<typeof layers.model>;
    const y = tf.tidy(() => (model.predict(tf.ones([1, 4])) as ReturnType<typeof tf.tensor>).arraySync());
    model.dispose();
    expect(y).toEqual([[10, 10, 10, 10]]);
  },
};

function sumAndProduct(): TfjsModelSource {
  const a = layers.input({ shape: [4], name: "a" });
  const b = layers.input({ shape: [4], name: "b" });
  const outputs = [layers.layers.add({ name: "sum" }).apply([a, b]), layers.layers.multiply({ name: "product" }).apply([a, b])];
  return layers.model({ inputs: [a, b], outputs: outputs as ReturnType<typeof layers.input>[] });
}

const summed = (count: number): SampleCall => {
  const b = rows(count, count).data as Float32Array;
  return {
    args: () => [rows(count, 100), rows(count, count)],
    keywords: () => ({ a: rows(count, 100), b: rows(count, count) }),
    expected: {
      sum: map(rows(count, 100), (value, index) => value + (b[index] as number)),
      product: map(rows(count, 100), (value, index) => value * (b[index] as number)),
    },
  };
};

const twoInputs: TfjsSample = {
  name: "two inputs and two outputs",
  native: sumAndProduct,
  calls: [summed(2), summed(1), summed(5)],
  invalidCalls: [
    { wrong: "missing input", args: () => [rows(1, 0)], names: '"b"' },
    { wrong: "extra input", args: () => [{ a: rows(1, 0), b: rows(1, 0), c: rows(1, 0) }], names: '"c"' },
    { wrong: "shape", args: () => [rows(1, 0), rows(2, 0)], names: '"b"' },
  ],
};

const anyRow = { dim: [{ size: "-1" }, { size: "-1" }] };

/** The rows of a table, by number: a number that it lacks makes the run fail. A graph model, from a file. */
function pickGraph(): string {
  const path = join(mkdtempSync(join(tmpdir(), "bentoml-tfjs-graph-")), "model.json");
  const attr = (type: string): object => ({ dtype: { type }, shape: { shape: { dim: [{ size: "-1" }] } } });
  const node = [
    { name: "ids", op: "Placeholder", attr: attr("DT_INT32") },
    { name: "table", op: "Const", attr: { dtype: { type: "DT_FLOAT" } } },
    { name: "axis", op: "Const", attr: { dtype: { type: "DT_INT32" } } },
    { name: "picked", op: "GatherV2", input: ["table", "ids", "axis"], attr: {} },
  ];
  const signature = {
    inputs: { ids: { name: "ids:0", dtype: "DT_INT32", tensorShape: { dim: [{ size: "-1" }] } } },
    outputs: { picked: { name: "picked:0", dtype: "DT_FLOAT", tensorShape: anyRow } },
  };
  const weights = [
    { name: "table", shape: [3, 2], dtype: "float32" },
    { name: "axis", shape: [], dtype: "int32" },
  ];
  writeFileSync(join(path, "..", "weights.bin"), new Uint8Array([...new Uint8Array(Float32Array.of(0, 1, 10, 11, 20, 21).buffer), 0, 0, 0, 0]));
  writeFileSync(path, JSON.stringify({ format: "graph-model", modelTopology: { node, versions: { producer: 1, minConsumer: 1 } }, signature, weightsManifest: [{ paths: ["weights.bin"], weights }] }));
  return path;
}

const picked = (...ids: readonly number[]): SampleCall => ({
  args: () => [NdArray.from(ids, "int32")],
  expected: NdArray.from(ids.map((id) => [id * 10, id * 10 + 1]), "float32"),
});

const graphModel: TfjsSample = {
  name: "a graph that picks rows",
  native: pickGraph,
  calls: [picked(2), picked(0, 1), picked(1, 1, 2)],
  invalidCalls: [{ wrong: "dtype", args: () => [NdArray.from([0.5], "float32")], names: '"ids"' }],
  failingCalls: [{ args: () => [NdArray.from([7], "int32")] }],
};

const tensor = (first: number, count: number): ReturnType<typeof tf.tensor> =>
  tf.tensor(Float32Array.from({ length: count * 2 }, (_, index) => first + index), [count, 2]);

const [backend] = tfjsBackends;

describe(`on ${backend}`, () => {
  testAdapter({
    test,
    describe,
    adapter: () => adapter,
    packageFolder: fileURLToPath(new URL("../../../packages/tfjs", import.meta.url)),
    models: [oneInput, twoInputs, graphModel].map((sample) => ({ ...sample, runnerOptions: { backend } })),
    unsavable: () => ({}) as TfjsModelSource,
    containers: [
      {
        name: "TfTensorContainer",
        batches: () => [tensor(0, 2), tensor(10, 1), tensor(20, 3)],
        comparable: (value) => {
          const { dtype, shape } = value as ReturnType<typeof tf.tensor>;
          return { dtype, shape: [...shape], data: (value as ReturnType<typeof tf.tensor>).dataSync() };
        },
      },
    ],
    invalidOptions: [{ options: { backend: "webgl" }, names: "backend" }],
    // Without the core no backend works.
    nativePackages: ["@tensorflow/tfjs-core"],
    leftOut: {
      streams: "a run of a TensorFlow.js model answers once",
    },
  });
});
