import * as fc from "fast-check";
import { expect, test } from "vitest";
import { checkRecipe } from "./check-recipe.js";
import { fillBand } from "./fill-tensor.js";
import { bandsOf } from "./pixel-bands.js";
import { valueTable } from "./value-table.js";

const colours = [
  { colourSpace: "grey" },
  { colourSpace: "grey", alpha: "keep" },
  { colourSpace: "srgb" },
  { colourSpace: "srgb", alpha: "keep" },
] as const;

/** Any pixels of 1 to 4 channels, and a recipe for them. */
const anyImage = fc
  .record({ width: fc.integer({ min: 1, max: 6 }), height: fc.integer({ min: 1, max: 6 }), frames: fc.integer({ min: 1, max: 3 }), colour: fc.constantFrom(...colours), deep: fc.boolean() })
  .chain((image) => {
    const channels = checkRecipe(image.colour).channels;
    const size = { minLength: image.width * image.height * image.frames * channels, maxLength: image.width * image.height * image.frames * channels };
    const data = image.deep ? fc.uint16Array(size) : fc.uint8Array(size);
    return fc.record({ image: fc.constant({ ...image, channels }), data, invert: fc.boolean(), layout: fc.constantFrom("NCHW" as const, "NHWC" as const), mean: fc.double({ min: -1, max: 1, noNaN: true }) });
  });

test("each number of the tensor is that of its frame, channel and pixel", () => {
  fc.assert(
    fc.property(anyImage, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 10 }), ({ image, data, invert, layout, mean }, start, wordsEach) => {
      const { width, height, channels, frames, deep, colour } = image;
      const recipe = checkRecipe({ ...colour, invert, layout, mean, std: 0.5, bitDepth: deep ? 16 : 8 });
      const target = new Float32Array(start + data.length);
      const table = valueTable(recipe, deep ? 16 : 8);
      for (const band of bandsOf(image, 4 * wordsEach)) fillBand({ data, width, height, channels, frames }, table, { target, start, layout }, band);
      const most = deep ? 65_535 : 255;
      for (let index = 0; index < data.length; index++) {
        const channel = index % channels;
        const pixel = Math.floor(index / channels) % (width * height);
        const frame = Math.floor(index / channels / (width * height));
        const light = invert && channel !== (colour.colourSpace === "grey" ? 1 : 3) ? most - (data[index] as number) : (data[index] as number);
        const place = layout === "NHWC" ? index : (frame * channels + channel) * width * height + pixel;
        expect(target[start + place]).toBe(Math.fround((light * (1 / most) - mean) / 0.5));
      }
      expect(target.subarray(0, start)).toEqual(new Float32Array(start));
    }),
  );
});

test("8-bit pixels in a recipe of 16 bits reach from black to white", () => {
  const { entries, length } = valueTable(checkRecipe({ dtype: "uint16", colourSpace: "grey" }), 8);
  expect([entries[0], entries[1], entries[255], length]).toEqual([0, 257, 65_535, 256]);
});
