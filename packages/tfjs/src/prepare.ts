import { InvalidModelError, Params, argumentsByName, type ModelSignature, type NdArray, type StoredModel } from "bentoml-core";
import { checkShapes } from "./check-shapes.js";
import { toInputArray } from "./input-array.js";
import { isTfTensor } from "./tensor.js";

/**
 * Turns a call's arguments into one record of arrays by input name, in the order of the model's inputs, and checks names, dtypes and
 * shapes. Runs in the caller's thread; loads no TensorFlow.
 *
 * @throws InvalidArgumentError that names the input, what it wants and what it was given.
 */
export function prepare(params: Params, { inputSpec }: ModelSignature, methodName: string, { tag }: Pick<StoredModel, "tag">): Params {
  if (inputSpec === undefined) throw new InvalidModelError(`The model.yaml of ${tag.toString()} does not say the inputs of "${methodName}": save it again.`);
  const values = argumentsByName(params, inputSpec.map(({ name }) => name), isTfTensor);
  const arrays = inputSpec.map((input) => toInputArray(input, values.get(input.name)));
  checkShapes(inputSpec, arrays);
  return new Params([Object.fromEntries(inputSpec.map(({ name }, index) => [name, arrays[index] as NdArray]))]);
}
