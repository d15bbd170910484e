import type { SeededRandom } from "@bentoml-tools/onnx-models";

/** Numbers that training changes, with the gradient of the loss by each. */
export interface Parameter {
  readonly values: Float64Array;
  /** Summed over the images since it was last set to 0. */
  readonly gradients: Float64Array;
}

/**
 * A step of the network, for one image at a time.
 *
 * Everything is float64, so that a gradient can be checked against finite
 * differences; the exported model is float32. A layer owns the arrays it
 * returns and overwrites them in the next call.
 */
export interface Layer {
  readonly parameters: readonly Parameter[];
  forward(input: Float64Array): Float64Array;
  /**
   * From the loss's gradient by this layer's output to the one by its input, for
   * the image of the last `forward`; adds to the gradients of the parameters.
   */
  backward(outputGradient: Float64Array): Float64Array;
}

export function zeroParameter(length: number): Parameter {
  return { values: new Float64Array(length), gradients: new Float64Array(length) };
}

/** Normal weights of variance 2 / inputs (He's rule), which suits layers followed by ReLU. */
export function randomWeights(length: number, inputs: number, random: SeededRandom): Parameter {
  const parameter = zeroParameter(length);
  const deviation = Math.sqrt(2 / inputs);
  for (let index = 0; index < length; index++) parameter.values[index] = deviation * random.normal();
  return parameter;
}
