import { fileURLToPath } from "node:url";
import { testAdapter, type SampleCall, type SampleModel } from "bentoml-adapter-testkit";
import { NdArray } from "bentoml-core";
import { adapter, InferInput, type TritonClient, type TritonModelSource, type TritonRunnerOptions, type TritonSaveOptions } from "bentoml-triton-http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTriton, type StartedTriton } from "./index.js";
import { rows } from "./testing/rows.js";

type TritonSample = SampleModel<TritonModelSource, TritonSaveOptions, TritonRunnerOptions>;

let triton: StartedTriton;

beforeAll(async () => {
  triton = await startTriton({ models: ["linear_batched", "add_sub", "identity_bytes", "identity_int64", "raise_error"] });
});

afterAll(() => triton.stop());

const modelOf = (modelName: string) => (): TritonModelSource => ({ url: triton.url, modelName });

const ones = (count: number): NdArray => new NdArray("float32", [count, 4], new Float32Array(count * 4).fill(1));

const linear = (count: number): SampleCall => ({
  args: () => [ones(count)],
  keywords: () => ({ x: ones(count) }),
  expected: new NdArray("float32", [count, 3], Float32Array.from({ length: count * 3 }, (_unused, index) => [18.5, 21.5, 27][index % 3] as number)),
});

const oneInput: TritonSample = {
  name: "one input",
  native: modelOf("linear_batched"),
  calls: [linear(1), linear(2), linear(16)],
  invalidCalls: [
    { wrong: "dtype", args: () => [NdArray.from([["a", "b", "c", "d"]])], names: '"x"' },
    { wrong: "shape", args: () => [NdArray.zeros("float32", [1, 5])], names: '"x"' },
    { wrong: "missing input", args: () => [], names: '"x"' },
    { wrong: "extra input", args: () => [ones(1), ones(1)], names: "1 input" },
  ],
  checkLoaded: async (loaded) => {
    const client = loaded as TritonClient;
    expect(await client.isModelReady("linear_batched")).toBe(true);
    await client.close();
  },
};

const integers = (count: number, seed: number): NdArray<"int32"> => new NdArray("int32", [count, 16], Int32Array.from({ length: count * 16 }, (_unused, index) => seed + index));

const addedAndSubtracted = (count: number): SampleCall => {
  const inputs = (): Record<"INPUT0" | "INPUT1", NdArray<"int32">> => ({ INPUT0: integers(count, 100), INPUT1: integers(count, count) });
  return {
    args: () => Object.values(inputs()),
    keywords: inputs,
    expected: {
      OUTPUT0: new NdArray("int32", [count, 16], Int32Array.from({ length: count * 16 }, (_unused, index) => 100 + count + 2 * index)),
      OUTPUT1: new NdArray("int32", [count, 16], new Int32Array(count * 16).fill(100 - count)),
    },
  };
};

const twoInputs: TritonSample = {
  name: "two inputs and two outputs",
  native: modelOf("add_sub"),
  calls: [addedAndSubtracted(2), addedAndSubtracted(1), addedAndSubtracted(5)],
  invalidCalls: [
    { wrong: "missing input", args: () => [integers(1, 0)], names: '"INPUT1"' },
    { wrong: "extra input", args: () => [{ INPUT0: integers(1, 0), INPUT1: integers(1, 0), INPUT2: integers(1, 0) }], names: '"INPUT2"' },
    { wrong: "shape", args: () => [integers(1, 0), NdArray.zeros("int32", [1, 15])], names: '"INPUT1"' },
    { wrong: "dtype", args: () => [integers(1, 0), new NdArray("float32", [1, 16], new Float32Array(16).fill(0.5))], names: '"INPUT1"' },
  ],
};

const texts: TritonSample = {
  name: "texts in nested lists",
  native: modelOf("identity_bytes"),
  calls: [
    { args: () => [["a", "ü", ""]], expected: ["a", "ü", ""] },
    { args: () => [["b"]], expected: NdArray.from(["b"], "string") },
  ],
  invalidCalls: [{ wrong: "dtype", args: () => [[1, 2, 3]], names: '"INPUT0"' }],
};

const wholeNumbers: TritonSample = {
  name: "64-bit integers in a record",
  native: modelOf("identity_int64"),
  calls: [1, 3].map((count) => ({
    args: () => [{ INPUT0: Array.from({ length: count }, () => 2n ** 53n + 1n) }],
    expected: new NdArray("int64", [count], new BigInt64Array(count).fill(2n ** 53n + 1n)),
  })),
};

/** It fails where the first number is below 8, by that number in one way or another. */
const fails: TritonSample = {
  name: "a model that fails",
  native: modelOf("raise_error"),
  calls: [{ args: () => [[8, 1]], expected: NdArray.from([8, 1], "float32") }],
  failingCalls: [0, 1, 2, 3, 4, 5, 6, 7].map((kind) => ({ args: () => [[kind]] })),
};

const common = {
  test,
  adapter: () => adapter,
  packageFolder: fileURLToPath(new URL("../../../packages/triton-http", import.meta.url)),
  models: [oneInput, twoInputs, texts, wholeNumbers, fails],
  unsavable: modelOf("nope"),
  containers: [
    {
      name: "InferInputContainer",
      batches: () => [InferInput.of("x", rows(2)), InferInput.of("y", NdArray.from(["a", ""], "string"))],
      joinsNothing: true,
      comparable: (value: unknown) => {
        const { name, datatype, shape, raw } = value as InferInput;
        return { name, datatype, shape: [...shape], raw: [...raw] };
      },
    },
  ],
  invalidOptions: [
    { options: { url: "ftp://127.0.0.1" }, names: "url" },
    { options: { client: { retries: -1 } }, names: "retries" },
  ],
};

const leftOut = {
  batching: "the server joins calls",
  streams: "the only method of a decoupled model is a stream, which has tests of its own",
  nativePackages: "its HTTP client is a dependency",
};

describe("a runner that sends its calls to its server", () => {
  testAdapter({ ...common, describe, leftOut: { ...leftOut, local: "see below", workers: "see below" } });
});

const early = "a call is checked against the server's metadata, which its handle asks for";

describe("a runner in this thread, and as servers of runners start it", () => {
  testAdapter({ ...common, describe, leftOut: { ...leftOut, wrongDtype: early, wrongShape: early, missingInput: early, extraInput: early } });
});
