import { fileURLToPath } from "node:url";
import { NdArray } from "bentoml-core";
import { testAdapter, type SampleCall, type SampleModel } from "bentoml-adapter-testkit";
import type { FittedPipeline} from "bentoml-danfo-dataframes";
import { DataFrame, Pipeline, Series, adapter } from "bentoml-danfo-dataframes";
import { describe, expect, test } from "vitest";

type PipelineSample = SampleModel<FittedPipeline>;

const training = DataFrame.from({ height: [1, 3], city: ["a", "b"] });
const recipe = { steps: [{ kind: "standardScaler", columns: ["height"] }, { kind: "oneHot", columns: ["city"] }] } as const;

/** Heights 0, 1, 2 … in city "a", then "b", and so on. */
function columns(rows: number): { height: Float64Array; city: string[] } {
  return { height: Float64Array.from({ length: rows }, (_, row) => row), city: Array.from({ length: rows }, (_, row) => "ab"[row % 2] as string) };
}

function expected(rows: number): NdArray {
  return new NdArray("float32", [rows, 3], Float32Array.from({ length: rows * 3 }, (_, place) => [Math.floor(place / 3) - 2, 1 - (Math.floor(place / 3) % 2), Math.floor(place / 3) % 2][place % 3] as number));
}

const calls: SampleCall[] = [1, 2, 3, 64].map((rows) => ({
  // What is overwritten and measured are typed arrays.
  args: () => [rows < 64 ? DataFrame.from(columns(rows)) : columns(rows)],
  keywords: () => ({ frame: columns(rows) }),
  expected: expected(rows),
}));

const toArray: PipelineSample = {
  name: "to an array",
  native: () => new Pipeline(recipe).fit(training),
  calls: [...calls, { args: () => [[{ height: 2, city: "a", more: null }]], expected: new NdArray("float32", [1, 3], Float32Array.of(0, 1, 0)) }],
  invalidCalls: [
    { wrong: "dtype", args: () => [{ height: ["tall"], city: ["a"] }], names: '"height"' },
    { wrong: "shape", args: () => [{ height: NdArray.zeros("float64", [1, 2]), city: NdArray.from(["a"]) }], names: '"height"' },
    { wrong: "missing input", args: () => [{ height: [1] }], names: '"city"' },
    { wrong: "extra input", args: () => [columns(1), columns(1)], names: "1 argument" },
  ],
  failingCalls: [{ args: () => [{ height: [1], city: ["c"] }] }],
  checkLoaded: (loaded) => {
    expect((loaded as FittedPipeline).transform(columns(3))).toEqual(expected(3));
  },
};

const records = (frame: unknown): unknown => (frame as DataFrame).toRecords();

const frames = (): DataFrame[] => [
  DataFrame.from({ a: Int32Array.of(1, 2), b: ["x", null], c: [true, false], d: [new Date(5), null], e: [1n, -1n] }, { index: ["p", "q"] }),
  DataFrame.from({ a: Int32Array.of(3), b: ["y"], c: [null], d: [new Date(0)], e: [null] }),
];

testAdapter({
  test,
  describe,
  adapter: () => adapter,
  packageFolder: fileURLToPath(new URL("../../../packages/danfo-dataframes", import.meta.url)),
  models: [toArray],
  unsavable: () => ({ fitted: {} }) as never,
  containers: [
    { name: "DataFrameContainer", batches: frames, comparable: records },
    { name: "SeriesContainer", batches: () => [Series.from([1.5, null, 2]), Series.from(Float64Array.of(3))], comparable: (value) => (value as Series).values },
  ],
  invalidOptions: [{ options: { workers: 0 }, names: "workers" }],
  leftOut: {
    streams: "a frame is answered at once",
    severalOutputs: "a pipeline makes one array or one frame",
    nativePackages: "it is written in JavaScript, and frames are recognised by their looks",
  },
});
