import { NdArray } from "../ndarray/index.js";

/** A result that owns its memory: tensors that are views on something larger are copied, at the top and in a record. */
export function ownResult(result: unknown): unknown {
  if (NdArray.isNdArray(result)) return result.owned();
  if (typeof result !== "object" || result === null || Object.getPrototypeOf(result) !== Object.prototype) return result;
  for (const [name, value] of Object.entries(result)) {
    if (NdArray.isNdArray(value)) (result as Record<string, unknown>)[name] = value.owned();
  }
  return result;
}
