import { join } from "node:path";
import { NdArray } from "bentoml-core";
import { testAdapter } from "bentoml-adapter-testkit";
import { adapter } from "bentoml-ml-cart";
import { DecisionTreeClassifier } from "ml-cart";
import { describe, test } from "vitest";

/** Class 1 where the first column is above 5. */
function trained() {
  const rows = Array.from({ length: 20 }, (_, row) => [row / 2, 1]);
  const tree = new DecisionTreeClassifier({ minNumSamples: 1 });
  tree.train(rows, rows.map(([first]) => Number(first > 5)));
  return tree;
}

const rows = (count) => new NdArray("float32", [count, 2], Float32Array.from({ length: count * 2 }, (_, index) => (index % 4 === 0 ? 1 : 9)));
const classes = (count) => new NdArray("int32", [count], Int32Array.from({ length: count }, (_, row) => row % 2));

testAdapter({
  test,
  describe,
  adapter: () => adapter,
  packageFolder: join(import.meta.dirname, ".."),
  models: [
    {
      name: "a tree",
      native: trained,
      saveOptions: { features: 2 },
      calls: [1, 2, 3, 64].map((count) => ({ args: () => [rows(count)], keywords: () => ({ rows: rows(count) }), expected: classes(count) })),
      invalidCalls: [
        { wrong: "dtype", args: () => [NdArray.from([["a", "b"]])], names: "rows" },
        { wrong: "shape", args: () => [NdArray.zeros("float32", [1, 3])], names: "rows" },
        { wrong: "missing input", args: () => [], names: "rows" },
        { wrong: "extra input", args: () => [rows(1), rows(1)], names: "1 input" },
      ],
    },
  ],
  unsavable: trained, // without saying its features
  leftOut: {
    severalOutputs: "a tree gives one class",
    streams: "a tree answers once",
    failingRuns: "every row of numbers has a class",
    containers: "it takes and gives arrays only",
    nativePackages: "ml-cart is a dependency, in JavaScript",
    options: "it has no options of its own",
  },
});
