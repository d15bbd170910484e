import { NdArray, isNamedTensors } from "../ndarray/index.js";

/** A result that owns its memory: tensors that are views on something larger are copied, alone or in a record. */
export function ownResult(result: unknown): unknown {
  if (NdArray.isNdArray(result)) return result.owned();
  if (!isNamedTensors(result)) return result;
  return Object.fromEntries(Object.entries(result).map(([name, tensor]) => [name, tensor.owned()]));
}
