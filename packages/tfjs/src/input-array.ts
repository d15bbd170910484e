import { InvalidArgumentError, isBentoMLError, NdArray, type Dtype, type TensorSpec } from "bentoml-core";
import { fromTensor, isTfTensor } from "./tensor.js";

/**
 * A value of any accepted kind as an array that the model can be fed with: NdArray, tf.Tensor, an object with `toNdArray()`, a typed
 * array, nested lists, or a single number, boolean or text. Values that have a dtype are cast only where none of them changes.
 *
 * @throws InvalidArgumentError that names the input, what it wants and what it was given.
 */
export function toInputArray(input: TensorSpec, value: unknown): NdArray {
  try {
    const array = toArray(input, value).cast(fedDtype(input));
    if (input.dtype === "int64") checkNotNegative(array);
    return array;
  } catch (error) {
    if (!isBentoMLError(error)) throw error;
    const limit = input.dtype === "int64" ? " from 0 to 2147483647 (tfjs-node takes no others)" : "";
    throw new InvalidArgumentError(`Input "${input.name}" wants ${input.dtype} ${shapeText(input.shape)}${limit}: ${error.message}`, { cause: error });
  }
}

/** The dtype in which an input travels to the model: 64-bit integers can be fed as 32-bit ones only. */
export function fedDtype({ dtype }: TensorSpec): Dtype {
  return dtype === "int64" ? "int32" : dtype;
}

/** tfjs-node 4.22 fills the upper half of a 64-bit integer with zeros, and would silently run on another number. */
function checkNotNegative({ data }: NdArray): void {
  const negative = (data as Int32Array).findIndex((value) => value < 0);
  if (negative >= 0) throw new InvalidArgumentError(`element ${negative} is ${String(data[negative])}. Let the model take int32 instead.`);
}

/** How shapes are written in messages: a size that is not known is "?". */
export function shapeText(shape: readonly (number | string)[]): string {
  return `[${shape.map((size) => (size === -1 ? "?" : size)).join(", ")}]`;
}

function toArray(input: TensorSpec, value: unknown): NdArray {
  if (NdArray.isNdArray(value)) return value;
  if (isTfTensor(value)) return fromTensor(value);
  if (hasToNdArray(value)) return toArray(input, value.toNdArray());
  if (ArrayBuffer.isView(value)) return shaped(input, NdArray.from(value, fedDtype(input)));
  if (Array.isArray(value) || isScalar(value)) return NdArray.from(value, fedDtype(input));
  throw new InvalidArgumentError(`${value === null ? "null" : `a value of type ${typeof value}`} cannot become an array. Give an NdArray, a tf.Tensor, a typed array or nested lists.`);
}

function hasToNdArray(value: unknown): value is { toNdArray(): unknown } {
  return typeof value === "object" && value !== null && typeof (value as { toNdArray?: unknown }).toNdArray === "function";
}

function isScalar(value: unknown): boolean {
  return ["number", "bigint", "boolean", "string"].includes(typeof value);
}

/** A typed array says no shape: it gets the input's, where at most one size is open and the elements fill it. */
function shaped({ shape }: TensorSpec, flat: NdArray): NdArray {
  if (shape.length === 1) return flat;
  const sizes = shape.map((size) => (typeof size === "number" && size >= 0 ? size : -1));
  const rest = sizes.reduce((product, size) => (size < 0 ? product : product * size), 1);
  const open = sizes.filter((size) => size < 0).length;
  if (open === 1 && rest > 0 && flat.size % rest === 0) return flat.reshape(sizes.map((size) => (size < 0 ? flat.size / rest : size)));
  if (open === 0 && rest === flat.size) return flat.reshape(sizes);
  throw new InvalidArgumentError(
    open > 1
      ? `a typed array of ${flat.size} elements does not say its shape, and more than one size is open: give new NdArray(dtype, shape, data).`
      : `a typed array of ${flat.size} elements does not fill it: it takes ${open === 1 ? "a multiple of " : ""}${rest}.`,
  );
}
