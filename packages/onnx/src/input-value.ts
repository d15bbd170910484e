import { InvalidArgumentError, inputArray, isBentoMLError, type NdArray } from "bentoml-core";
import { fromOrtTensor, isOrtTensor } from "./engine-tensor.js";
import type { PlannedInput } from "./input-plan.js";
import { wantedShape } from "./shape-error.js";

/**
 * A value of any accepted kind as an array of the input's dtype: what core's `inputArray` takes, and ort.Tensor. Values that have a
 * dtype of their own are cast only where none of them changes.
 *
 * @throws InvalidArgumentError that names the input, what it wants and what it was given.
 */
export function toInputArray(input: PlannedInput, value: unknown): NdArray {
  const { name, dtype, spec } = input;
  try {
    const array = inputArray({ dtype, shape: spec.rankKnown ? spec.shape : undefined }, value, arrayOfTensor);
    return array.dtype === dtype ? array : array.cast(dtype);
  } catch (error) {
    if (!isBentoMLError(error)) throw error;
    throw new InvalidArgumentError(`Input "${name}" wants ${dtype} ${wantedShape(input)}: ${error.message}`, { cause: error });
  }
}

function arrayOfTensor(value: unknown): NdArray | undefined {
  return isOrtTensor(value) ? fromOrtTensor(value) : undefined;
}
