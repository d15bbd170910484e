import { deflateSync } from "node:zlib";
import { NdArray } from "bentoml-core";
import { testAdapter, type SampleCall, type SampleModel } from "bentoml-adapter-testkit";
import { Image, adapter, type ImageProcessor, type ImageRecipe, type ImageRunnerOptions } from "bentoml-sharp-images";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { describe, expect, test } from "vitest";

type ImageSample = SampleModel<ImageRecipe, object, ImageRunnerOptions>;

const size = { width: 16, height: 12, channels: 3 } as const;

/** Other pixels for each seed. */
function pixels(seed: number): Uint8Array {
  return Uint8Array.from({ length: 16 * 12 * 3 }, (_, index) => (index * 7 + seed * 31) % 256);
}

const array = (seed: number): NdArray => new NdArray("uint8", [12, 16, 3], pixels(seed));

function tensor(...seeds: readonly number[]): NdArray {
  const planes = seeds.flatMap((seed) => [0, 1, 2].flatMap((channel) => [...pixels(seed)].filter((_, index) => index % 3 === channel)));
  return new NdArray("float32", [seeds.length, 3, 12, 16], Float32Array.from(planes, (value) => value / 255));
}

const one = (seed: number): SampleCall => ({
  args: () => [array(seed)],
  keywords: () => ({ image: array(seed) }),
  expected: tensor(seed),
});

const preprocess: ImageSample = {
  name: "preprocess",
  native: () => ({ limits: { maxPixels: 192 } }),
  method: "preprocess",
  calls: [
    one(1),
    one(2),
    { args: () => [Image.fromPixels(pixels(3), size)], expected: tensor(3) },
    { args: () => [sharp(pixels(4), { raw: size })], expected: tensor(4) },
    { args: () => [[array(5), Image.fromPixels(pixels(6), size)]], expected: tensor(5, 6) },
  ],
  invalidCalls: [
    { wrong: "dtype", args: () => [NdArray.zeros("float32", [12, 16, 3])], names: '"image"' },
    { wrong: "shape", args: () => [NdArray.zeros("uint8", [12, 16])], names: '"image"' },
    { wrong: "missing input", args: () => [], names: '"image"' },
    { wrong: "extra input", args: () => [array(1), 3], names: '"image[1]"' },
  ],
  failingCalls: [{ args: () => [brokenPng()] }],
  checkLoaded: async (loaded) => {
    expect(await (loaded as ImageProcessor).preprocess(Image.fromPixels(pixels(7), size))).toEqual(tensor(7));
  },
};

const decode: ImageSample = {
  name: "decode",
  native: () => ({}),
  method: "decode",
  calls: [1, 2].map((seed) => ({ args: () => [array(seed)], keywords: () => ({ image: array(seed) }), expected: array(seed) })),
};

/** A PNG whose head is right and whose rows are cut short. */
function brokenPng(): Uint8Array {
  const header = Buffer.from("89504e470d0a1a0a0000000d49484452000000080000000608020000003f4a8f3c", "hex");
  return Buffer.concat([header, Buffer.from("0000000849444154", "hex"), deflateSync(Buffer.alloc(9)).subarray(0, 8)]);
}

const whole = (value: unknown): unknown => (value as Image).loaded;

testAdapter({
  test,
  describe,
  adapter: () => adapter,
  packageFolder: fileURLToPath(new URL("../../../packages/sharp-images", import.meta.url)),
  models: [preprocess, decode],
  unsavable: () => ({ crop: 3 }),
  containers: [
    { name: "ImageContainer", batches: () => [1, 2].map((seed) => Image.fromPixels(pixels(seed), size)), joinsNothing: true, comparable: whole },
    {
      name: "SharpContainer",
      batches: () => [1, 2].map((seed) => sharp(pixels(seed), { raw: size })),
      joinsNothing: true,
      comparable: (value) => [...((value as { options: { input: { buffer: Uint8Array } } }).options.input.buffer)],
    },
  ],
  invalidOptions: [
    { options: { concurrency: 0 }, names: "concurrency" },
    { options: { workers: 0 }, names: "workers" },
  ],
  nativePackages: ["sharp"],
  leftOut: {
    batching: "each image is a call of its own, since joined answers would have to be copied apart in the caller's thread",
    streams: "an image is answered at once",
    severalOutputs: "a recipe makes one tensor",
  },
});
