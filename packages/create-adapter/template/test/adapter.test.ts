import { NdArray } from "bentoml-core";
import { testAdapter } from "bentoml-adapter-testkit";
// By its name, as its users import it: worker threads load what was built.
import { Rows, adapter } from "__package__";
import { describe, test } from "vitest";

const weights = [1, 2, 3];

function rows(count: number): NdArray<"float32"> {
  return new NdArray("float32", [count, weights.length], Float32Array.from({ length: count * weights.length }, (_, index) => index + count));
}

function expected(count: number): NdArray<"float32"> {
  const { data } = rows(count);
  const score = (_: unknown, row: number): number => weights.reduce((sum, weight, column) => sum + weight * (data[row * weights.length + column] ?? 0), 0);
  return new NdArray("float32", [count], Float32Array.from({ length: count }, score));
}

testAdapter({
  test,
  describe,
  adapter: () => adapter,
  packageFolder: new URL("..", import.meta.url),
  models: [
    {
      name: "three columns",
      native: () => ({ weights }),
      calls: [1, 2, 3, 64].map((count) => ({
        args: () => [rows(count)],
        keywords: () => ({ rows: rows(count) }),
        expected: expected(count),
      })),
      invalidCalls: [
        { wrong: "dtype", args: () => [NdArray.from([["a", "b", "c"]])], names: "rows" },
        { wrong: "shape", args: () => [NdArray.zeros("float32", [1, 4])], names: "rows" },
        { wrong: "missing input", args: () => [], names: "rows" },
        { wrong: "extra input", args: () => [rows(1), rows(1)], names: "1 input" },
      ],
    },
  ],
  unsavable: () => ({ weights: [] }),
  containers: [
    {
      name: "__Framework__RowsContainer",
      batches: () => [new Rows("a", rows(2)), new Rows("a", rows(1)), new Rows("a", rows(3))],
      comparable: (value) => ({ source: (value as Rows).source, values: (value as Rows).values.toNested() }),
    },
  ],
  leftOut: {
    severalOutputs: "a model has one output",
    streams: "a model answers once",
    failingRuns: "every row of numbers has a score",
    nativePackages: "it is written in JavaScript",
    options: "it has no options of its own",
  },
});
