import { addSub, failsOnNegative, fixedBatch, identity, int64Sum } from "@bentoml-tools/onnx-models";
import { NdArray } from "bentoml-core";
import { testAdapter, type SampleCall, type SampleModel } from "bentoml-adapter-testkit";
import { adapter, type OnnxModelSource, type OnnxRunnerOptions, type OnnxSaveOptions } from "bentoml-onnx";
import { fileURLToPath } from "node:url";
import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";

type OnnxSample = SampleModel<OnnxModelSource, OnnxSaveOptions, OnnxRunnerOptions>;

/** Numbers that float32 holds exactly, other ones for each seed. */
function rows(count: number, seed: number): NdArray {
  return new NdArray("float32", [count, 4], Float32Array.from({ length: count * 4 }, (_, index) => seed + index + 0.5));
}

function times(array: NdArray, factor: number): NdArray {
  return new NdArray("float32", array.shape, Float32Array.from(array.data as Float32Array, (value) => value * factor));
}

const tenfold = (count: number): SampleCall => ({
  args: () => [rows(count, count)],
  keywords: () => ({ x: rows(count, count) }),
  expected: times(rows(count, count), 10),
});

const oneInput: OnnxSample = {
  name: "one input",
  native: failsOnNegative,
  calls: [tenfold(1), tenfold(2), tenfold(3), tenfold(64)],
  invalidCalls: [
    { wrong: "dtype", args: () => [NdArray.from([["a", "b", "c", "d"]])], names: '"x"' },
    { wrong: "shape", args: () => [NdArray.zeros("float32", [1, 5])], names: '"x"' },
    { wrong: "missing input", args: () => [], names: '"x"' },
    { wrong: "extra input", args: () => [rows(1, 0), rows(1, 0)], names: "2 arguments" },
  ],
  failingCalls: [{ args: () => [times(rows(1, 0), -1)] }],
  checkLoaded: async (loaded) => {
    const { y } = await (loaded as ort.InferenceSession).run({ x: new ort.Tensor("float32", [1, 2, 3, 4], [1, 4]) });
    expect(y?.data).toEqual(Float32Array.of(10, 20, 30, 40));
  },
};

const addedAndSubtracted = (count: number): SampleCall => ({
  args: () => [rows(count, 100), rows(count, count)],
  keywords: () => ({ a: rows(count, 100), b: rows(count, count) }),
  expected: {
    sum: new NdArray("float32", [count, 4], Float32Array.from(rows(count, 100).data as Float32Array, (value, index) => value + (rows(count, count).data[index] as number))),
    difference: new NdArray("float32", [count, 4], new Float32Array(count * 4).fill(100 - count)),
  },
});

const twoInputs: OnnxSample = {
  name: "two inputs and two outputs",
  native: addSub,
  calls: [addedAndSubtracted(2), addedAndSubtracted(1), addedAndSubtracted(5)],
  invalidCalls: [
    { wrong: "missing input", args: () => [rows(1, 0)], names: '"b"' },
    { wrong: "extra input", args: () => [{ a: rows(1, 0), b: rows(1, 0), c: rows(1, 0) }], names: '"c"' },
    { wrong: "shape", args: () => [rows(1, 0), rows(2, 0)], names: '"b"' },
  ],
};

const texts: OnnxSample = {
  name: "texts in nested lists",
  native: () => identity("string"),
  calls: [
    { args: () => [[["a", "ü", ""]]], expected: [["a", "ü", ""]] },
    { args: () => [[["b", "c", "d"], ["e", "f", "g"]]], expected: new NdArray("string", [2, 3], ["b", "c", "d", "e", "f", "g"]) },
  ],
  invalidCalls: [{ wrong: "dtype", args: () => [[[1, 2, 3]]], names: '"x"' }],
};

const wholeNumbers: OnnxSample = {
  name: "64-bit integers in a record",
  native: int64Sum,
  calls: [1, 3].map((count) => ({
    args: () => [{ a: Array.from({ length: count }, () => [2n ** 53n, 0n, -5n]), b: Array.from({ length: count }, () => [1, 2, 3]) }],
    expected: new NdArray("int64", [count, 3], BigInt64Array.from(Array.from({ length: count }, () => [2n ** 53n + 1n, 2n, -2n]).flat())),
  })),
};

const fixedRows: OnnxSample = {
  name: "a fixed number of rows",
  native: () => fixedBatch(4),
  calls: [{ args: () => [rows(4, 1)], expected: times(rows(4, 1), 2) }],
};

const tensor = (first: number, count: number): ort.Tensor =>
  new ort.Tensor("float32", Float32Array.from({ length: count * 2 }, (_, index) => first + index), [count, 2]);

testAdapter({
  test,
  describe,
  adapter: () => adapter,
  packageFolder: fileURLToPath(new URL("../../../packages/onnx", import.meta.url)),
  models: [oneInput, twoInputs, texts, wholeNumbers, fixedRows],
  unsavable: () => failsOnNegative().slice(0, 100),
  containers: [
    {
      name: "OrtTensorContainer",
      batches: () => [tensor(0, 2), tensor(10, 1), tensor(20, 3)],
      comparable: (value) => {
        const { type, dims, data } = value as ort.Tensor;
        return { type, dims: [...dims], data };
      },
    },
  ],
  invalidOptions: [
    { options: { intraOpNumThreads: 0 }, names: "intraOpNumThreads" },
    { options: { executionProviders: "cpu" }, names: "executionProviders" },
    { options: { outputs: ["nothing"] }, names: "nothing" },
  ],
  nativePackages: ["onnxruntime-node"],
  leftOut: {
    streams: "a run of an ONNX model answers once",
  },
});
