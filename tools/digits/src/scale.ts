import type { Layer, Parameter } from "./layer.js";

/** output = factor * input, element by element. */
export class Scale implements Layer {
  readonly parameters: readonly Parameter[] = [];
  readonly #factor: number;

  constructor(factor: number) {
    this.#factor = factor;
  }

  forward(input: Float64Array): Float64Array {
    return input.map((value) => value * this.#factor);
  }

  backward(outputGradient: Float64Array): Float64Array {
    return outputGradient.map((value) => value * this.#factor);
  }
}
