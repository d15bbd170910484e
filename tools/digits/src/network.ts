import type { SeededRandom } from "@bentoml-tools/onnx-models";
import { Convolution } from "./convolution.js";
import { crossEntropy, softmax } from "./cross-entropy.js";
import { Dense } from "./dense.js";
import type { Layer, Parameter } from "./layer.js";
import { MaxPool } from "./max-pool.js";
import { Relu } from "./relu.js";
import { Scale } from "./scale.js";

/** The brightest pixel; the network's first step brings pixels into 0..1. */
export const largestPixel = 16;

/** Rows and columns of an image. */
export const imageSize = 8;

/**
 * Two convolutions, a pooling and two dense layers, from an image of 64 raw
 * pixels (0..16) to a logit for each of the ten digits.
 */
export class Network {
  readonly firstConvolution: Convolution;
  readonly secondConvolution: Convolution;
  readonly firstDense: Dense;
  readonly secondDense: Dense;
  readonly parameters: readonly Parameter[];
  readonly #layers: readonly Layer[];

  constructor(random: SeededRandom) {
    const pixels = imageSize ** 2;
    this.firstConvolution = new Convolution(
      { inputChannels: 1, outputChannels: 16, imageSize },
      random,
    );
    this.secondConvolution = new Convolution(
      { inputChannels: 16, outputChannels: 32, imageSize },
      random,
    );
    this.firstDense = new Dense((32 * pixels) / 4, 64, random);
    this.secondDense = new Dense(64, 10, random);
    this.#layers = [
      new Scale(1 / largestPixel),
      this.firstConvolution,
      new Relu(16 * pixels),
      this.secondConvolution,
      new Relu(32 * pixels),
      new MaxPool(32, imageSize),
      this.firstDense,
      new Relu(64),
      this.secondDense,
    ];
    this.parameters = this.#layers.flatMap((layer) => layer.parameters);
  }

  /** The ten probabilities for one image of 64 pixels. */
  probabilities(image: Float64Array): Float64Array {
    return softmax(this.#logits(image));
  }

  /** Adds one image's gradients to those of the parameters; returns its loss. */
  learn(image: Float64Array, label: number): number {
    const loss = crossEntropy(this.#logits(image), label);
    this.#layers.reduceRight((gradient, layer) => layer.backward(gradient), loss.gradient);
    return loss.value;
  }

  #logits(image: Float64Array): Float64Array {
    return this.#layers.reduce((values, layer) => layer.forward(values), image);
  }
}
