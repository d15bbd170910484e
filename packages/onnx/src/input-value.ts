import { InvalidArgumentError, isBentoMLError, NdArray, type Dtype } from "bentoml-core";
import { fromOrtTensor, isOrtTensor } from "./engine-tensor.js";
import type { PlannedInput } from "./input-plan.js";
import { wantedShape } from "./shape-error.js";

/**
 * A value of any accepted kind as an array of the input's dtype: NdArray, ort.Tensor, an object with `toNdArray()`, a
 * typed array, nested lists, a number, boolean, bigint or string. Numbers in lists are rounded to the dtype as every
 * literal is; values that have a dtype of their own are cast only where none of them changes.
 *
 * @throws InvalidArgumentError that names the input, what it wants and what it was given.
 */
export function toInputArray(input: PlannedInput, value: unknown): NdArray {
  try {
    return withDtype(toArray(input, value), input.dtype);
  } catch (error) {
    if (!isBentoMLError(error)) throw error;
    throw new InvalidArgumentError(`Input "${input.name}" wants ${input.dtype} ${wantedShape(input)}: ${error.message}`, {
      cause: error,
    });
  }
}

function toArray(input: PlannedInput, value: unknown): NdArray {
  if (NdArray.isNdArray(value)) return value;
  if (isOrtTensor(value)) return fromOrtTensor(value);
  if (hasToNdArray(value)) return toArray(input, value.toNdArray());
  if (ArrayBuffer.isView(value)) return typedArray(input, value);
  if (Array.isArray(value) || isScalar(value)) return NdArray.from(value, input.dtype);
  throw new InvalidArgumentError(`${describe(value)} cannot become an array. Give an NdArray, a typed array or nested lists.`);
}

function hasToNdArray(value: unknown): value is { toNdArray(): unknown } {
  return typeof value === "object" && value !== null && typeof (value as { toNdArray?: unknown }).toNdArray === "function";
}

function isScalar(value: unknown): value is number | bigint | boolean | string {
  return ["number", "bigint", "boolean", "string"].includes(typeof value);
}

function withDtype(array: NdArray, dtype: Dtype): NdArray {
  return array.dtype === dtype ? array : array.cast(dtype);
}

/** A typed array has no shape: it gets the input's, where only one of its lengths is open. A Uint16Array is the bits of float16. */
function typedArray(input: PlannedInput, view: ArrayBufferView): NdArray {
  if (view instanceof DataView) throw new InvalidArgumentError("a DataView has no dtype: give a typed array.");
  const flat = NdArray.from(view, input.dtype);
  const shape = shapeFor(input, flat.size);
  return shape === undefined ? flat : flat.reshape(shape);
}

function shapeFor(input: PlannedInput, size: number): number[] | undefined {
  const wanted = input.spec.shape;
  if (!input.spec.rankKnown || wanted.length === 1) return undefined;
  const isOpen = (length: number | string): boolean => typeof length === "string" || length < 0;
  const open = wanted.filter(isOpen).length;
  const rest = wanted.reduce<number>((product, length) => (isOpen(length) ? product : product * (length as number)), 1);
  if (open > 1) {
    throw new InvalidArgumentError(
      `a typed array of ${size} elements does not say its shape, and more than one dimension is open: give new NdArray(dtype, shape, data).`,
    );
  }
  if (open === 1 && rest > 0 && size % rest === 0) {
    return wanted.map((length) => (isOpen(length) ? size / rest : (length as number)));
  }
  if (open === 0 && rest === size) return wanted.map(Number);
  throw new InvalidArgumentError(
    `a typed array of ${size} elements does not fill it: it takes ${open === 1 ? "a multiple of " : ""}${rest}.`,
  );
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  const name = (value.constructor as { name?: string } | undefined)?.name;
  return name === undefined || name === "Object" ? "a plain object" : `an object of class ${name}`;
}
