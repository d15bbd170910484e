import { seededRandom } from "@bentoml-tools/onnx-models";
import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { exportOnnx } from "./export-onnx.js";
import { numericGradient, relativeError } from "./gradient-check.js";
import { Network } from "./network.js";

function randomImage(seed: number): Float64Array {
  const random = seededRandom(seed);
  return new Float64Array(64).map(() => random.below(17));
}

describe("Network", () => {
  it("has gradients that agree with finite differences from end to end", () => {
    const network = new Network(seededRandom(1));
    const image = randomImage(2);
    network.learn(image, 4);
    const { bias } = network.firstConvolution;
    // Finite differences run `learn` too, which adds to the gradients: keep the first ones.
    const analytic = Float64Array.from(bias.gradients);
    const numeric = numericGradient(bias.values, () => network.learn(image, 4));
    expect(relativeError(analytic, numeric)).toBeLessThan(1e-6);
  });

  it("gives the same probabilities as its ONNX model", async () => {
    const network = new Network(seededRandom(1));
    const images = [randomImage(2), randomImage(3)];
    const expected = images.flatMap((image) => [...network.probabilities(image)]);
    const session = await ort.InferenceSession.create(exportOnnx(network));
    const pixels = Float32Array.from(images.flatMap((image) => [...image]));
    const image = new ort.Tensor("float32", pixels, [2, 1, 8, 8]);
    const { probabilities } = await session.run({ image });
    expect(probabilities?.dims).toEqual([2, 10]);
    for (const [index, value] of expected.entries()) {
      expect(probabilities?.data[index]).toBeCloseTo(value, 5);
    }
  });
});
