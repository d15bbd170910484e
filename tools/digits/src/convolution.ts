import type { SeededRandom } from "@bentoml-tools/onnx-models";
import { randomWeights, zeroParameter, type Layer, type Parameter } from "./layer.js";
import { addScaled, dotProduct } from "./vector.js";

/** Rows and columns of the kernel. */
export const kernelSize = 3;

export interface ConvolutionShape {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Rows and columns of the square image, the same before and after. */
  readonly imageSize: number;
}

/**
 * A 3x3 convolution with a border of zeros, from [inputChannels, rows, columns]
 * to [outputChannels, rows, columns], row-major.
 *
 * The pixels that each position looks at are first copied into one row of a
 * matrix of patches; from there on it is a dense layer at every position.
 */
export class Convolution implements Layer {
  readonly shape: ConvolutionShape;
  /** [outputChannels, inputChannels, 3, 3], row-major. */
  readonly weights: Parameter;
  /** [outputChannels]. */
  readonly bias: Parameter;
  readonly parameters: readonly Parameter[];
  readonly #positions: number;
  readonly #patchLength: number;
  /** [positions, patchLength]: where in the input each entry comes from, -1 for the border. */
  readonly #sources: Int32Array;
  readonly #patches: Float64Array;
  readonly #patchGradients: Float64Array;
  readonly #output: Float64Array;
  readonly #inputGradient: Float64Array;

  constructor(shape: ConvolutionShape, random: SeededRandom) {
    this.shape = shape;
    this.#positions = shape.imageSize ** 2;
    this.#patchLength = shape.inputChannels * kernelSize ** 2;
    this.weights = randomWeights(
      shape.outputChannels * this.#patchLength,
      this.#patchLength,
      random,
    );
    this.bias = zeroParameter(shape.outputChannels);
    this.parameters = [this.weights, this.bias];
    this.#sources = patchSources(shape);
    this.#patches = new Float64Array(this.#sources.length);
    this.#patchGradients = new Float64Array(this.#sources.length);
    this.#output = new Float64Array(shape.outputChannels * this.#positions);
    this.#inputGradient = new Float64Array(shape.inputChannels * this.#positions);
  }

  forward(input: Float64Array): Float64Array {
    this.#gatherPatches(input);
    const length = this.#patchLength;
    for (let channel = 0; channel < this.shape.outputChannels; channel++) {
      const bias = this.bias.values[channel]!;
      for (let position = 0; position < this.#positions; position++) {
        this.#output[channel * this.#positions + position] =
          bias +
          dotProduct(this.weights.values, channel * length, this.#patches, position * length, length);
      }
    }
    return this.#output;
  }

  backward(outputGradient: Float64Array): Float64Array {
    this.#patchGradients.fill(0);
    for (let channel = 0; channel < this.shape.outputChannels; channel++) {
      for (let position = 0; position < this.#positions; position++) {
        const gradient = outputGradient[channel * this.#positions + position]!;
        // Pooling and ReLU leave most gradients 0: skipping them saves over a third of the training time.
        if (gradient !== 0) this.#backwardAt(channel, position, gradient);
      }
    }
    return this.#scatterPatchGradients();
  }

  #backwardAt(channel: number, position: number, gradient: number): void {
    const length = this.#patchLength;
    const kernel = channel * length;
    const patch = position * length;
    this.bias.gradients[channel]! += gradient;
    addScaled(this.weights.gradients, kernel, gradient, this.#patches, patch, length);
    addScaled(this.#patchGradients, patch, gradient, this.weights.values, kernel, length);
  }

  #gatherPatches(input: Float64Array): void {
    for (let entry = 0; entry < this.#sources.length; entry++) {
      const source = this.#sources[entry]!;
      this.#patches[entry] = source < 0 ? 0 : input[source]!;
    }
  }

  #scatterPatchGradients(): Float64Array {
    this.#inputGradient.fill(0);
    for (let entry = 0; entry < this.#sources.length; entry++) {
      const source = this.#sources[entry]!;
      if (source >= 0) this.#inputGradient[source]! += this.#patchGradients[entry]!;
    }
    return this.#inputGradient;
  }
}

function patchSources({ inputChannels, imageSize }: ConvolutionShape): Int32Array {
  const sources: number[] = [];
  for (let row = 0; row < imageSize; row++) {
    for (let column = 0; column < imageSize; column++) {
      for (let channel = 0; channel < inputChannels; channel++) {
        sources.push(...kernelSources(channel, row, column, imageSize));
      }
    }
  }
  return Int32Array.from(sources);
}

/** The nine places around one pixel of one channel, row by row. */
function kernelSources(channel: number, row: number, column: number, imageSize: number): number[] {
  const sources: number[] = [];
  for (let y = row - 1; y <= row + 1; y++) {
    for (let x = column - 1; x <= column + 1; x++) {
      const isInside = y >= 0 && y < imageSize && x >= 0 && x < imageSize;
      sources.push(isInside ? (channel * imageSize + y) * imageSize + x : -1);
    }
  }
  return sources;
}
