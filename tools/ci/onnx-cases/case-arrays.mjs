import { NdArray, dtypes } from "bentoml-core";

/** @typedef {import("./case-file.mjs").CaseTensor} CaseTensor */

/** @type {Readonly<Record<string, new (buffer: ArrayBuffer) => ArrayBufferView>>} */
const arrayClasses = {
  bool: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
};

/**
 * The elements as the engine's tensors hold them. Types that no typed array has are given as bytes.
 *
 * @param {CaseTensor} tensor
 * @returns {ArrayBufferView | string[]}
 */
export function elementsOf({ type, data }) {
  if (Array.isArray(data)) return data;
  const ArrayClass = arrayClasses[type] ?? Uint8Array;
  return new ArrayClass(/** @type {ArrayBuffer} */ (data.slice().buffer));
}

/**
 * @param {CaseTensor} tensor
 * @returns {NdArray}
 */
export function arrayOf(tensor) {
  const dtype = dtypes.find((each) => each === tensor.type);
  if (dtype === undefined) throw new Error(`No array holds ${tensor.type}.`);
  return new NdArray(dtype, tensor.dims, /** @type {never} */ (elementsOf(tensor)));
}

/**
 * How two tensors differ, bit by bit; undefined where they do not.
 *
 * @param {CaseTensor} actual
 * @param {CaseTensor} expected
 * @returns {string | undefined}
 */
export function differenceOf(actual, expected) {
  if (describe(actual) !== describe(expected)) return `${describe(actual)} instead of ${describe(expected)}`;
  const { data } = actual;
  const other = expected.data;
  const place = data.length === other.length ? data.findIndex((value, index) => value !== other[index]) : 0;
  return place < 0 ? undefined : `${Array.isArray(data) ? "text" : "byte"} ${place} of ${describe(actual)} is ${data[place]}, not ${other[place]}`;
}

/**
 * How a tensor differs from its reference by more than the tolerances; undefined where it does not.
 *
 * @param {CaseTensor} actual
 * @param {CaseTensor} reference
 * @param {{ rtol: number, atol: number }} tolerances
 * @returns {string | undefined}
 */
export function distanceOf(actual, reference, { rtol, atol }) {
  const difference = differenceOf(actual, reference);
  if (difference === undefined || describe(actual) !== describe(reference) || !isReal(actual.type)) return difference;
  const values = numbersOf(actual);
  const place = numbersOf(reference).findIndex((wanted, index) => !isNear(values[index] ?? NaN, wanted, rtol, atol));
  return place < 0 ? undefined : `${difference} (element ${place} is too far away)`;
}

/**
 * @param {number} value
 * @param {number} wanted
 * @param {number} rtol
 * @param {number} atol
 */
function isNear(value, wanted, rtol, atol) {
  if (Object.is(value, wanted) || value === wanted) return true;
  if (Number.isNaN(value) && Number.isNaN(wanted)) return true;
  return Math.abs(value - wanted) <= atol + rtol * Math.abs(wanted) && Number.isFinite(wanted);
}

/** @param {CaseTensor} tensor */
function numbersOf(tensor) {
  return /** @type {Float64Array} */ (arrayOf(tensor).cast("float64").data);
}

/** @param {string} type */
function isReal(type) {
  return type === "float16" || type === "float32" || type === "float64";
}

/** @param {CaseTensor} tensor */
function describe({ type, dims }) {
  return `${type} [${dims.join(", ")}]`;
}
