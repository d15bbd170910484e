import { pixelsPerImage, type DigitSet } from "@bentoml-tools/digits";

/** The body of a request about one image of the set. */
export function inferBody(digits: DigitSet, index: number): string {
  const data = Array.from(digits.images.subarray(index * pixelsPerImage, (index + 1) * pixelsPerImage));
  return JSON.stringify({ inputs: [{ name: "image", datatype: "FP32", shape: [1, 1, 8, 8], data }] });
}

/** The digit that an answer holds for the likeliest. Throws an Error for an answer of another kind. */
export function likeliestDigit(answer: string): number {
  const { outputs } = JSON.parse(answer) as { outputs?: readonly { readonly data?: readonly number[] }[] };
  const probabilities = outputs?.[0]?.data;
  if (probabilities?.length !== 10) throw new Error(`An answer has no ten probabilities: ${answer.slice(0, 200)}`);
  return probabilities.indexOf(Math.max(...probabilities));
}
