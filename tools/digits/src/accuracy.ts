import * as ort from "onnxruntime-node";
import type { DigitSet } from "./digit-set.js";
import { imageSize } from "./network.js";

/**
 * The share, 0..1, of the digits that a model puts first among its ten
 * probabilities; the model is run by onnxruntime-node alone.
 */
export async function measureAccuracy(modelPath: string, digits: DigitSet): Promise<number> {
  const session = await ort.InferenceSession.create(modelPath);
  const image = new ort.Tensor("float32", digits.images, [digits.count, 1, imageSize, imageSize]);
  const { probabilities } = await session.run({ image });
  await session.release();
  if (!(probabilities?.data instanceof Float32Array)) {
    throw new Error("The model has no float32 output named probabilities.");
  }
  return shareOfRight(probabilities.data, digits.labels);
}

/** From probabilities [count, classes], row-major. */
function shareOfRight(probabilities: Float32Array, labels: Uint8Array): number {
  const classes = probabilities.length / labels.length;
  const right = labels.filter((label, index) => {
    const row = probabilities.subarray(index * classes, (index + 1) * classes);
    return row.indexOf(Math.max(...row)) === label;
  });
  return right.length / labels.length;
}
