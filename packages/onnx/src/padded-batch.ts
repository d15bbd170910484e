import { NdArray, type NamedTensors } from "bentoml-core";
import type { GraphInput, InputSide } from "./onnx-signature.js";

/** How batches fit into a graph whose batch dimension has a fixed length; structured-cloneable. */
export interface Padding {
  /** Rows of every run. */
  readonly rows: number;
  /** Dimension along which inputs are joined, and the one along which outputs are split. */
  readonly batchDim: readonly [number, number];
}

/** The inputs as callers of a padded model see them: with any number of rows. */
export function paddedSide(side: InputSide): InputSide {
  const [batchDim] = side.batchDim;
  const inputs = side.inputs.map((input): GraphInput => {
    const shape = input.shape.map((length, place) => (place === batchDim && typeof length === "number" ? "batch" : length));
    return { ...input, shape };
  });
  return { ...side, inputs, batchable: true };
}

/**
 * Runs a batch in parts of exactly as many rows as the graph takes, the last part filled up with copies of its last row:
 * real values, so that a model meets none that it would never see. Their results are dropped.
 */
export async function runPadded(
  feeds: NamedTensors,
  { rows, batchDim }: Padding,
  run: (feeds: NamedTensors) => Promise<NamedTensors>,
): Promise<NamedTensors> {
  const [inputDim, outputDim] = batchDim;
  const given = Object.values(feeds)[0]?.shape[inputDim] ?? rows;
  if (given === rows) return run(feeds);
  const parts: NamedTensors[] = [];
  for (let start = 0; start === 0 || start < given; start += rows) {
    const part = each(feeds, (array) => padded(array.slice(inputDim, start, Math.min(start + rows, given)), rows, inputDim));
    parts.push(await run(part));
  }
  const [first = {}] = parts;
  return Object.fromEntries(
    Object.keys(first).map((name) => {
      const joined = parts.length === 1 ? (first[name] as NdArray) : NdArray.concat(parts.map((part) => part[name] as NdArray), outputDim);
      return [name, joined.slice(outputDim, 0, given).owned()];
    }),
  );
}

function padded(array: NdArray, rows: number, dimension: number): NdArray {
  const given = array.shape[dimension] as number;
  if (given === rows) return array;
  if (given === 0) return NdArray.zeros(array.dtype, array.shape.map((length, place) => (place === dimension ? rows : length)));
  const last = array.slice(dimension, given - 1, given);
  return NdArray.concat([array, ...Array.from({ length: rows - given }, () => last)], dimension);
}

function each(arrays: NamedTensors, change: (array: NdArray) => NdArray): NamedTensors {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, change(array)]));
}
