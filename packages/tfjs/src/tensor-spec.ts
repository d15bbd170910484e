import { InvalidModelError, isDtype, type TensorSpec } from "bentoml-core";

/** The name of the first dim of inputs and outputs where it has no fixed size: one batch has one size. */
const batchName = "batch";

/**
 * What TensorFlow.js says of an input or output as a spec: a first dim without a size is the batch.
 *
 * @param shape Null, undefined or a negative number is a size that is not known.
 * @throws InvalidModelError for a type that cannot be used.
 */
export function tensorSpec(name: string, dtype: string, shape: readonly (number | null | undefined)[], source: string): TensorSpec {
  if (!isDtype(dtype)) throw new InvalidModelError(`"${name}" of ${source} is ${dtype}, which no NdArray holds: change the model to give real numbers (tf.real, tf.imag), bool or text.`);
  return { name, dtype, shape: shape.map((size, place) => (typeof size === "number" && size >= 0 ? size : place === 0 ? batchName : -1)) };
}
