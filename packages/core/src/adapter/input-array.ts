import { InvalidArgumentError } from "../errors/index.js";
import { NdArray, type Dtype, type TensorSpec } from "../ndarray/index.js";

/** What decides how a value becomes an array. */
export interface WantedArray {
  /** Of lists, scalars and typed arrays; a Uint16Array is the bits of float16. */
  readonly dtype: Dtype;
  /** Of typed arrays, which have none: as in a TensorSpec. Undefined where not even the rank is known. */
  readonly shape: TensorSpec["shape"] | undefined;
}

/**
 * A value as callers give it, as an array: an NdArray, an object with `toNdArray()`, a typed array, nested lists, or a number, bigint,
 * boolean or text. What has a dtype keeps it; numbers in lists are rounded to the dtype as every literal is.
 *
 * @param fromTensor Makes an array of the framework's own tensors; undefined of other values.
 * @throws InvalidArgumentError, without the input's name.
 */
export function inputArray(wanted: WantedArray, value: unknown, fromTensor: (value: unknown) => NdArray | undefined = () => undefined): NdArray {
  if (NdArray.isNdArray(value)) return value;
  const array = fromTensor(value);
  if (array !== undefined) return array;
  if (hasToNdArray(value)) return inputArray(wanted, value.toNdArray(), fromTensor);
  if (ArrayBuffer.isView(value)) return shaped(wanted, value);
  if (Array.isArray(value) || isScalar(value)) return NdArray.from(value, wanted.dtype);
  throw new InvalidArgumentError(`${describe(value)} cannot become an array. Give an NdArray, a typed array or nested lists.`);
}

function hasToNdArray(value: unknown): value is { toNdArray(): unknown } {
  return typeof value === "object" && value !== null && typeof (value as { toNdArray?: unknown }).toNdArray === "function";
}

function isScalar(value: unknown): value is number | bigint | boolean | string {
  return ["number", "bigint", "boolean", "string"].includes(typeof value);
}

/** A typed array gets the wanted shape, where at most one of its lengths is open and the elements fill it. */
function shaped({ dtype, shape }: WantedArray, view: ArrayBufferView): NdArray {
  if (view instanceof DataView) throw new InvalidArgumentError("a DataView has no dtype: give a typed array.");
  const flat = NdArray.from(view, dtype);
  if (shape === undefined || shape.length === 1) return flat;
  const isOpen = (length: number | string): boolean => typeof length === "string" || length < 0;
  const open = shape.filter(isOpen).length;
  const rest = shape.reduce<number>((product, length) => (isOpen(length) ? product : product * (length as number)), 1);
  if (open === 1 && rest > 0 && flat.size % rest === 0) return flat.reshape(shape.map((length) => (isOpen(length) ? flat.size / rest : (length as number))));
  if (open === 0 && rest === flat.size) return flat.reshape(shape.map(Number));
  throw new InvalidArgumentError(
    open > 1
      ? `a typed array of ${flat.size} elements does not say its shape, and more than one dimension is open: give new NdArray(dtype, shape, data).`
      : `a typed array of ${flat.size} elements does not fill it: it takes ${open === 1 ? "a multiple of " : ""}${rest}.`,
  );
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  if (value instanceof Promise) return "a promise, which must be awaited first,";
  const name = (value.constructor as { name?: string } | undefined)?.name;
  return name === undefined || name === "Object" ? "a plain object" : `an object of class ${name}`;
}
