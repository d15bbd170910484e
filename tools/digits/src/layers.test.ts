import { seededRandom } from "@bentoml-tools/onnx-models";
import { describe, expect, it } from "vitest";
import { Convolution } from "./convolution.js";
import { crossEntropy, softmax } from "./cross-entropy.js";
import { Dense } from "./dense.js";
import { layerGradients, numericGradient, relativeError } from "./gradient-check.js";
import type { Layer } from "./layer.js";
import { MaxPool } from "./max-pool.js";
import { Relu } from "./relu.js";
import { Scale } from "./scale.js";

function normalValues(length: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return new Float64Array(length).map(() => random.normal());
}

const layers: readonly [string, () => Layer, number][] = [
  ["Convolution", makeConvolution, 2 * 4 * 4],
  ["Dense", () => new Dense(7, 5, seededRandom(1)), 7],
  ["MaxPool", () => new MaxPool(2, 4), 2 * 4 * 4],
  ["Relu", () => new Relu(9), 9],
  ["Scale", () => new Scale(1 / 16), 6],
];

function makeConvolution(): Convolution {
  const shape = { inputChannels: 2, outputChannels: 3, imageSize: 4 };
  return new Convolution(shape, seededRandom(1));
}

describe("gradients", () => {
  it.each(layers)("of %s agree with finite differences", (_name, makeLayer, inputSize) => {
    const layer = makeLayer();
    const input = normalValues(inputSize, 2);
    const outputWeights = normalValues(layer.forward(input).length, 3);
    for (const { subject, analytic, numeric } of layerGradients(layer, input, outputWeights)) {
      expect(relativeError(analytic, numeric), subject).toBeLessThan(1e-7);
    }
  });

  it("of the cross-entropy agree with finite differences", () => {
    const logits = normalValues(10, 4);
    const numeric = numericGradient(logits, () => crossEntropy(logits, 3).value);
    expect(relativeError(crossEntropy(logits, 3).gradient, numeric)).toBeLessThan(1e-7);
  });

  it("add up over images", () => {
    const layer = new Dense(2, 1, seededRandom(1));
    for (const input of [Float64Array.of(1, 2), Float64Array.of(10, 20)]) {
      layer.forward(input);
      layer.backward(Float64Array.of(1));
    }
    expect(layer.weights.gradients).toEqual(Float64Array.of(11, 22));
    expect(layer.bias.gradients).toEqual(Float64Array.of(2));
  });
});

describe("values", () => {
  it("of a convolution that looks one pixel to the left are the image moved right", () => {
    const shape = { inputChannels: 1, outputChannels: 1, imageSize: 2 };
    const layer = new Convolution(shape, seededRandom(1));
    layer.weights.values.set([0, 0, 0, 1, 0, 0, 0, 0, 0]);
    layer.bias.values[0] = 5;
    expect(layer.forward(Float64Array.of(1, 2, 3, 4))).toEqual(Float64Array.of(5, 6, 5, 8));
  });

  it("of a pooling are the largest of each square", () => {
    const channel = [1, 2, 5, 6, 3, 4, 8, 7, 0, 0, -1, -2, 9, 0, -3, -4];
    expect(new MaxPool(1, 4).forward(Float64Array.from(channel))).toEqual(
      Float64Array.of(4, 8, 9, -1),
    );
  });

  it("of a softmax sum to 1, also for logits whose exponentials overflow", () => {
    expect(softmax(Float64Array.of(1000, 1000))).toEqual(Float64Array.of(0.5, 0.5));
  });
});
