import { NdArray } from "./nd-array.js";

/** Arrays by name: what a model of several inputs takes, or of several outputs gives. */
export type NamedTensors = Readonly<Record<string, NdArray>>;

/** True for a plain record that has at least one entry and nothing but NdArrays. */
export function isNamedTensors(value: unknown): value is NamedTensors {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  let entries = 0;
  for (const name in value) {
    if (!NdArray.isNdArray((value as Record<string, unknown>)[name])) return false;
    entries++;
  }
  return entries > 0;
}
