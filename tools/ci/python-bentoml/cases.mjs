import { strict as assert } from "node:assert";
import { NdArray } from "bentoml-core";

/**
 * An array as both sides read it: `dtype` as both call it, integers as text, because JSON's numbers end at 2^53 here.
 *
 * @typedef {{ dtype: "float32" | "int64", shape: number[], data: (number | string)[] }} Tensor
 * @typedef {Record<string, Tensor>} Tensors By the names of the model's inputs or outputs, in their order.
 */

/**
 * The models that are exchanged, by the names that `tools/onnx-models` makes them by, and what they are run on.
 *
 * @type {readonly { name: string, batchable: boolean, inputs: Tensors }[]}
 */
export const cases = [
  { name: "small-mlp", batchable: true, inputs: { x: floats([5, 16]) } },
  { name: "add-sub", batchable: false, inputs: { a: floats([2, 4]), b: floats([2, 4], 100) } },
  {
    name: "int64-sum",
    batchable: true,
    inputs: {
      a: { dtype: "int64", shape: [2, 3], data: [`${2n ** 53n}`, `${2n ** 53n + 1n}`, `${2n ** 62n}`, `${-(2n ** 63n)}`, "0", "-1"] },
      b: { dtype: "int64", shape: [2, 3], data: ["1", "0", `${2n ** 62n - 1n}`, "0", "0", `${-(2n ** 53n)}`] },
    },
  },
];

/**
 * @param {number[]} shape
 * @param {number} [start]
 * @returns {Tensor}
 */
function floats(shape, start = 0) {
  const size = shape.reduce((product, length) => product * length, 1);
  return { dtype: "float32", shape, data: Array.from({ length: size }, (_, index) => Math.fround(Math.sin(start + index))) };
}

/**
 * @param {Tensor} tensor
 * @returns {NdArray}
 */
export function arrayOf({ dtype, shape, data }) {
  if (dtype === "int64") return new NdArray(dtype, shape, BigInt64Array.from(data, BigInt));
  return new NdArray(dtype, shape, Float32Array.from(data, Number));
}

/**
 * @param {NdArray} array
 * @returns {Tensor}
 */
export function tensorOf({ dtype, shape, data }) {
  assert(dtype === "int64" || dtype === "float32", `A result is ${dtype}.`);
  const values = Array.from(/** @type {ArrayLike<number | bigint>} */ (data), (value) => (typeof value === "bigint" ? `${value}` : value));
  return { dtype, shape: [...shape], data: values };
}

/**
 * Integers must be the same; floats may differ by what another version of the engine rounds otherwise.
 *
 * @param {Tensors} actual
 * @param {Tensors} expected
 */
export function expectSame(actual, expected) {
  assert.deepEqual(Object.keys(actual), Object.keys(expected));
  for (const [name, { dtype, shape, data }] of Object.entries(expected)) {
    assert.deepEqual([actual[name]?.dtype, actual[name]?.shape], [dtype, shape]);
    for (const [index, value] of data.entries()) {
      const other = actual[name]?.data[index];
      if (dtype === "int64") assert.equal(other, value);
      else assert(Math.abs(Number(other) - Number(value)) <= 1e-6 + 1e-5 * Math.abs(Number(value)), `${name}[${index}]: ${other} is not ${value}`);
    }
  }
}
