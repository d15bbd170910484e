import type { Parameter } from "./layer.js";

/** The decay of the running mean of gradients and of their squares. */
const meanDecay = 0.9;
const squareDecay = 0.999;

/** Keeps the division finite where a gradient has always been 0. */
const smallest = 1e-8;

interface Moments {
  readonly parameter: Parameter;
  readonly mean: Float64Array;
  readonly square: Float64Array;
}

/** The Adam optimiser of Kingma and Ba (2015). */
export class Adam {
  readonly #moments: readonly Moments[];
  #steps = 0;

  constructor(parameters: readonly Parameter[]) {
    this.#moments = parameters.map((parameter) => ({
      parameter,
      mean: new Float64Array(parameter.values.length),
      square: new Float64Array(parameter.values.length),
    }));
  }

  /** Changes the parameters by their gradients' mean over the images and sets the gradients to 0. */
  step(learningRate: number, imageCount: number): void {
    this.#steps += 1;
    for (const moments of this.#moments) {
      this.#update(moments, learningRate, imageCount);
      moments.parameter.gradients.fill(0);
    }
  }

  #update({ parameter, mean, square }: Moments, learningRate: number, imageCount: number): void {
    // Both running means start at 0; these factors make up for it in the first steps.
    const meanCorrection = 1 / (1 - meanDecay ** this.#steps);
    const squareCorrection = 1 / (1 - squareDecay ** this.#steps);
    for (let index = 0; index < mean.length; index++) {
      const gradient = parameter.gradients[index]! / imageCount;
      mean[index] = meanDecay * mean[index]! + (1 - meanDecay) * gradient;
      square[index] = squareDecay * square[index]! + (1 - squareDecay) * gradient * gradient;
      const size = Math.sqrt(square[index]! * squareCorrection) + smallest;
      parameter.values[index]! -= (learningRate * mean[index]! * meanCorrection) / size;
    }
  }
}
