/**
 * NdArray, the value that every adapter understands, and its dtypes. Every room above `errors` may use it; it knows nothing of
 * batches, workers or frameworks. The class is built on functions of this room that take and give plain parts.
 */
export {
  allocate,
  bytesPerElement,
  dtypeOfTypedArray,
  dtypes,
  isDtype,
  viewOf,
  type Dtype,
  type DtypeData,
  type DtypeElement,
  type NumericDtype,
} from "./dtype.js";
export { NdArray } from "./nd-array.js";
export type { CastOptions } from "./cast.js";
export type { Nested } from "./elements.js";
export { isNamedTensors, type NamedTensors } from "./named-tensors.js";
export type { TensorSpec } from "./tensor-spec.js";
export { bfloat16ToNumber, float16ToNumber, numberToBfloat16, numberToFloat16 } from "./half-precision.js";
export { describeArray, describeShape } from "./array-parts.js";
export { checkIndices, indicesOfSizes } from "./split-indices.js";
export { checkDim } from "./shape.js";
