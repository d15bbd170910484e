import type { Layer, Parameter } from "./layer.js";

/**
 * The largest of each 2x2 square, from [channels, imageSize, imageSize] to
 * [channels, imageSize / 2, imageSize / 2], row-major.
 */
export class MaxPool implements Layer {
  readonly parameters: readonly Parameter[] = [];
  readonly #imageSize: number;
  /** For each output, the place of the input it took. */
  readonly #winners: Int32Array;
  readonly #output: Float64Array;
  readonly #inputGradient: Float64Array;

  constructor(channels: number, imageSize: number) {
    const inputs = channels * imageSize ** 2;
    this.#imageSize = imageSize;
    this.#winners = new Int32Array(inputs / 4);
    this.#output = new Float64Array(inputs / 4);
    this.#inputGradient = new Float64Array(inputs);
  }

  forward(input: Float64Array): Float64Array {
    for (let output = 0; output < this.#output.length; output++) {
      const winner = this.#largestOfSquare(input, output);
      this.#winners[output] = winner;
      this.#output[output] = input[winner]!;
    }
    return this.#output;
  }

  backward(outputGradient: Float64Array): Float64Array {
    this.#inputGradient.fill(0);
    for (let output = 0; output < outputGradient.length; output++) {
      this.#inputGradient[this.#winners[output]!] = outputGradient[output]!;
    }
    return this.#inputGradient;
  }

  #largestOfSquare(input: Float64Array, output: number): number {
    const half = this.#imageSize / 2;
    // Rows of all channels lie one after the other, so one row number covers the channel too.
    const row = Math.floor(output / half);
    const corner = 2 * row * this.#imageSize + 2 * (output % half);
    let winner = corner;
    for (const place of [corner + 1, corner + this.#imageSize, corner + this.#imageSize + 1]) {
      if (input[place]! > input[winner]!) winner = place;
    }
    return winner;
  }
}
