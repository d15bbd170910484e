import { readFileSync } from "node:fs";
import { readReferences, type Reference } from "@bentoml-tools/images";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { checkRecipe } from "./check-recipe.js";
import { Image } from "./image.js";
import { ImageProcessor } from "./image-processor.js";

interface Differences {
  readonly largest: number;
  readonly mean: number;
  /** Share of the values that differ by no more than 2. */
  readonly near: number;
}

function differences(found: ArrayLike<number>, expected: ArrayLike<number>): Differences {
  let largest = 0;
  let sum = 0;
  let near = 0;
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs((found[index] as number) - (expected[index] as number));
    largest = Math.max(largest, difference);
    sum += difference;
    if (difference <= 2) near++;
  }
  return { largest, mean: sum / expected.length, near: near / expected.length };
}

async function result({ file, method, recipe }: Reference) {
  const processor = new ImageProcessor(sharp, checkRecipe(recipe));
  const image = Image.fromBytes(readFileSync(file));
  return method === "decode" ? processor.decode(image) : processor.preprocess(image);
}

/** Values by Pillow, NumPy and LittleCMS (tools/images). */
describe.each(readReferences())("$name", (reference) => {
  test(`${reference.method} gives what the reference has`, async () => {
    const array = await result(reference);
    expect({ dtype: array.dtype, shape: array.shape }).toEqual({ dtype: reference.dtype, shape: reference.shape });
    const found = differences(array.data as ArrayLike<number>, reference.values);
    if (reference.within !== undefined) expect(found.largest).toBeLessThanOrEqual(reference.within);
    if (reference.mean !== undefined) expect(found.mean).toBeLessThanOrEqual(reference.mean);
    if (reference.resized) {
      expect(found.mean).toBeLessThanOrEqual(0.5);
      expect(found.near).toBeGreaterThanOrEqual(0.99);
    }
  });
});
