import type { SeededRandom } from "@bentoml-tools/onnx-models";
import { randomWeights, zeroParameter, type Layer, type Parameter } from "./layer.js";
import { addScaled, dotProduct } from "./vector.js";

/** output[o] = bias[o] + sum over i of weights[o, i] * input[i]. */
export class Dense implements Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** [outputs, inputs], row-major. */
  readonly weights: Parameter;
  /** [outputs]. */
  readonly bias: Parameter;
  readonly parameters: readonly Parameter[];
  readonly #lastInput: Float64Array;
  readonly #output: Float64Array;
  readonly #inputGradient: Float64Array;

  constructor(inputs: number, outputs: number, random: SeededRandom) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.weights = randomWeights(outputs * inputs, inputs, random);
    this.bias = zeroParameter(outputs);
    this.parameters = [this.weights, this.bias];
    this.#lastInput = new Float64Array(inputs);
    this.#output = new Float64Array(outputs);
    this.#inputGradient = new Float64Array(inputs);
  }

  forward(input: Float64Array): Float64Array {
    this.#lastInput.set(input);
    for (let output = 0; output < this.outputs; output++) {
      const start = output * this.inputs;
      const sum = dotProduct(this.weights.values, start, input, 0, this.inputs);
      this.#output[output] = sum + this.bias.values[output]!;
    }
    return this.#output;
  }

  backward(outputGradient: Float64Array): Float64Array {
    this.#inputGradient.fill(0);
    for (let output = 0; output < this.outputs; output++) {
      const gradient = outputGradient[output]!;
      const start = output * this.inputs;
      this.bias.gradients[output]! += gradient;
      addScaled(this.weights.gradients, start, gradient, this.#lastInput, 0, this.inputs);
      addScaled(this.#inputGradient, 0, gradient, this.weights.values, start, this.inputs);
    }
    return this.#inputGradient;
  }
}
