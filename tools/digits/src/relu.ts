import type { Layer, Parameter } from "./layer.js";

/** output = max(0, input), element by element. */
export class Relu implements Layer {
  readonly parameters: readonly Parameter[] = [];
  readonly #output: Float64Array;
  readonly #inputGradient: Float64Array;

  constructor(size: number) {
    this.#output = new Float64Array(size);
    this.#inputGradient = new Float64Array(size);
  }

  forward(input: Float64Array): Float64Array {
    for (let index = 0; index < input.length; index++) {
      this.#output[index] = Math.max(0, input[index]!);
    }
    return this.#output;
  }

  backward(outputGradient: Float64Array): Float64Array {
    for (let index = 0; index < outputGradient.length; index++) {
      this.#inputGradient[index] = this.#output[index]! > 0 ? outputGradient[index]! : 0;
    }
    return this.#inputGradient;
  }
}
