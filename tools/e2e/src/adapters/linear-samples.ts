import type { ContainerSample, SampleCall, SampleModel } from "bentoml-adapter-testkit";
import { NdArray } from "bentoml-core";
import type { LinearOptions } from "./reference/index.js";
import type { LinearModel } from "./reference/linear-model.js";
import type { Table } from "./reference/table-container.js";

export type LinearSample = SampleModel<LinearModel, object, LinearOptions>;

/** Other numbers for each number of rows, so that no row can be taken for another. */
function rows(count: number, first: number = count * 10): NdArray<"float32"> {
  return new NdArray("float32", [count, 4], Float32Array.from({ length: count * 4 }, (_, index) => first + index));
}

function combined(count: number, factor: number, otherFactor: number): NdArray {
  const a = rows(count);
  const b = rows(count, 1_000).data;
  return new NdArray("float32", a.shape, a.data.map((value, index) => factor * value + otherFactor * (b[index] as number)));
}

const doubled = (count: number): SampleCall => ({
  args: () => [rows(count)],
  keywords: () => ({ x: rows(count) }),
  expected: combined(count, 2, 0),
});

const sumAndDifference = (count: number): SampleCall => ({
  args: () => [rows(count), rows(count, 1_000)],
  keywords: () => ({ a: rows(count), b: rows(count, 1_000) }),
  expected: { sum: combined(count, 1, 1), difference: combined(count, 1, -1) },
});

/** Two small models and one large call, which show all that the reference adapter can do. */
export const linearSamples: readonly LinearSample[] = [
  {
    name: "one input",
    native: () => ({ inputs: ["x"], outputs: { y: { x: 2 } } }),
    calls: [doubled(1), doubled(2), doubled(3)],
    streams: [{ method: "rows", args: () => [rows(3)], expected: [0, 1, 2].map((row) => combined(3, 2, 0).slice(0, row, row + 1)) }],
    invalidCalls: [
      { wrong: "dtype", args: () => [new NdArray("float64", [1, 4], Float64Array.of(0.1, 0.2, 0.3, 0.4))], names: '"x"' },
      { wrong: "shape", args: () => [NdArray.zeros("float32", [1, 5])], names: '"x"' },
    ],
    failingCalls: [{ args: () => [rows(1, -100)] }],
  },
  {
    name: "two inputs and two outputs",
    native: () => ({ inputs: ["a", "b"], outputs: { sum: { a: 1, b: 1 }, difference: { a: 1, b: -1 } } }),
    calls: [sumAndDifference(2), sumAndDifference(1), sumAndDifference(3)],
    invalidCalls: [
      { wrong: "missing input", args: () => [rows(1)], names: '"b"' },
      { wrong: "extra input", args: () => [rows(1), rows(1), rows(1)], names: "argument 2" },
    ],
  },
  { name: "many rows", native: () => ({ inputs: ["x"], outputs: { y: { x: 2 } } }), calls: [doubled(64)] },
];

/** What no linear model is. */
export const unsavable = (): LinearModel => ({ inputs: ["x"], outputs: {} });

export function tableSample(name: string, TableClass: typeof Table): ContainerSample {
  return {
    name,
    batches: () => [new TableClass("a", [[1, 2], [3, 4]]), new TableClass("a", [[5, 6]]), new TableClass("a", [[7, 8], [9, 10], [11, 12]])],
    comparable: (value) => {
      const { caption, rows: lines } = value as Table;
      return { caption, rows: lines };
    },
  };
}
