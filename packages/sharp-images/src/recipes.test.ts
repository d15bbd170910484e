import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { someFile, somePixels } from "@bentoml-tools/images";
import { InvalidArgumentError, InvalidModelError, ModelExistsError, ModelStore, NdArray, NotFoundError } from "bentoml-core";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Image } from "./image.js";
import { get, loadModel, saveModel, type ImageRecipe } from "./index.js";

let root: string;
let store: ModelStore;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "bentoml-images-"));
  store = new ModelStore(root);
});

afterEach(() => rmSync(root, { recursive: true }));

const imagenet: ImageRecipe = { resize: { shortestSide: 40 }, crop: 32, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

describe("a recipe as a model", () => {
  test("is kept as it was given, with the shape of what it makes", async () => {
    const saved = await saveModel("imagenet:v1", imagenet, { store, labels: { stage: "test" } });
    expect(JSON.parse(readFileSync(join(saved.path, "recipe.json"), "utf8"))).toEqual(imagenet);
    const model = get("imagenet:latest", { store });
    expect(model.info).toMatchObject({ module: "bentoml-sharp-images", labels: { stage: "test" }, context: { frameworkName: "sharp" } });
    expect(model.info.signatures["preprocess"]?.outputSpec).toEqual([{ name: "tensor", dtype: "float32", shape: ["batch", 3, 32, 32] }]);
    expect(Object.keys(model.info.signatures)).toEqual(["preprocess", "decode", "encode"]);
  });

  test("leaves nothing behind when it cannot be used", async () => {
    await expect(saveModel("wrong", { crop: 3 }, { store })).rejects.toThrow(InvalidArgumentError);
    expect(store.list()).toEqual([]);
    await saveModel("a:v1", {}, { store });
    await expect(saveModel("a:v1", {}, { store })).rejects.toThrow(ModelExistsError);
  });

  test("that was damaged, or saved by another adapter, is refused by name", async () => {
    const saved = await saveModel("a:v1", {}, { store });
    writeFileSync(join(saved.path, "recipe.json"), '{ "layout": "CHW" }');
    expect(() => get("a:v1", { store }).toRunner()).toThrow(InvalidModelError);
    expect(() => get("a:v1", { store }).toRunner()).toThrow(/a:v1 has no usable recipe in .*recipe\.layout is "CHW"/);
    await store.create({ name: "b:v1", module: "bentoml.onnx", adapter: "bentoml-onnx", labels: {}, metadata: {} }, async () => ({ signatures: {}, frameworkName: "onnx", frameworkVersions: {}, apiVersion: "v2" }));
    expect(() => get("b:v1", { store })).toThrow(NotFoundError);
  });

  test("options of toRunner are checked", async () => {
    const model = await saveModel("a", {}, { store });
    expect(() => model.toRunner({ concurrency: 0 })).toThrow(/concurrency is 0/);
    expect(model.withOptions({ concurrency: 2 }).toRunnable().params).toMatchObject({ concurrency: 2 });
  });
});

describe("a recipe at work", () => {
  test("several images make one tensor, the same as alone", async () => {
    const recipe = await loadModel(await saveModel("imagenet", imagenet, { store }));
    const images = await Promise.all((["png", "jpeg", "webp"] as const).map(async (format) => Image.fromBytes(await someFile(format))));
    const together = await recipe.preprocess(...images);
    expect(together.shape).toEqual([3, 3, 32, 32]);
    for (const [index, image] of images.entries()) {
      expect(together.slice(0, index, index + 1).owned().data).toEqual((await recipe.preprocess(image)).data);
    }
  });

  test("images of other sizes cannot be in one tensor", async () => {
    const recipe = await loadModel(await saveModel("free", { dtype: "uint8" }, { store }));
    const [small, large] = [Image.fromBytes(await someFile("png", 8, 6)), Image.fromBytes(await someFile("png", 9, 6))];
    await expect(recipe.preprocess(small, large)).rejects.toThrow(/Image 2 of 2: The images of one call came out in different sizes, 8 x 6 and 9 x 6/);
  });

  test("nor can animations of other lengths", async () => {
    const recipe = await loadModel(await saveModel("moving", { dtype: "uint8", frames: "all" }, { store }));
    const twoFrames = Buffer.concat([Buffer.alloc(4 * 4 * 3, 50), Buffer.alloc(4 * 4 * 3, 200)]);
    const animation = Image.fromBytes(await sharp(twoFrames, { raw: { width: 4, height: 8, channels: 3, pageHeight: 4 } }).gif().toBuffer());
    const still = Image.fromBytes(await someFile("png", 4, 4));
    await expect(recipe.preprocess(still, animation)).rejects.toThrow(/Image 2 of 2: .* 4 x 4 and 4 x 4 of 2 frames/);
  });

  test("raw pixels go the same way as a file of them", async () => {
    const recipe = await loadModel(await saveModel("imagenet", imagenet, { store }));
    const pixels = Image.fromPixels(somePixels(96, 80), { width: 96, height: 80, channels: 3 });
    expect((await recipe.preprocess(pixels)).data).toEqual((await recipe.preprocess(Image.fromBytes(await someFile("png")))).data);
  });

  test("fits: cover cuts, contain adds background, fill stretches, longestSide keeps all", async () => {
    const wide = Image.fromBytes(await sharp({ create: { width: 40, height: 20, channels: 3, background: "#ff0000" } }).png().toBuffer());
    const make = async (resize: ImageRecipe["resize"]): Promise<NdArray> => {
      const model = await saveModel("fit", { layout: "NHWC", dtype: "uint8", ...(resize === undefined ? {} : { resize }) }, { store });
      return (await loadModel(model)).preprocess(wide);
    };
    const size = { width: 10, height: 10 };
    expect((await make({ ...size })).data).toEqual(Uint8Array.from({ length: 300 }, (_, index) => (index % 3 === 0 ? 255 : 0)));
    const contained = await make({ ...size, fit: "contain", background: "#0000ff" });
    expect([...contained.data.slice(0, 3), ...contained.data.slice(150, 153)]).toEqual([0, 0, 255, 255, 0, 0]);
    expect((await make({ ...size, fit: "fill" })).shape).toEqual([1, 10, 10, 3]);
    expect((await make({ longestSide: 10 })).shape).toEqual([1, 5, 10, 3]);
    expect((await make({ shortestSide: 10 })).shape).toEqual([1, 10, 20, 3]);
  });

  test("trim cuts edges away, and leaves an image of one colour whole", async () => {
    const model = await saveModel("trim", { layout: "NHWC", dtype: "uint8", trim: true }, { store });
    const recipe = await loadModel(model);
    const dot = await sharp({ create: { width: 5, height: 4, channels: 3, background: "#000000" } }).png().toBuffer();
    const paper = sharp({ create: { width: 30, height: 20, channels: 3, background: "#ffffff" } });
    const drawn = await paper.clone().composite([{ input: dot, left: 7, top: 9 }]).png().toBuffer();
    expect((await recipe.preprocess(Image.fromBytes(drawn))).shape).toEqual([1, 4, 5, 3]);
    expect((await recipe.preprocess(Image.fromBytes(await paper.png().toBuffer()))).shape).toEqual([1, 20, 30, 3]);
  });

  test.each([
    { shape: [5, 7], dtype: "uint8", format: "png" },
    { shape: [5, 7, 1], dtype: "uint8", format: "tiff" },
    { shape: [5, 7, 2], dtype: "uint8", format: "png" },
    { shape: [5, 7, 3], dtype: "uint8", format: "png" },
    { shape: [5, 7, 4], dtype: "uint8", format: "tiff" },
    { shape: [5, 7, 4], dtype: "uint8", format: "webp", lossless: true },
    { shape: [5, 7, 1], dtype: "uint16", format: "png" },
    { shape: [5, 7, 3], dtype: "uint16", format: "png" },
    { shape: [5, 7, 4], dtype: "uint16", format: "png" },
  ] as const)("what is encoded as $format is decoded again: $dtype $shape", async ({ shape, dtype, format, ...lossless }) => {
    const recipe = await loadModel(await saveModel("both", { encode: { format, ...lossless } }, { store }));
    const size = shape.reduce<number>((product, dim) => product * dim, 1);
    // Alpha above 0: what cannot be seen may be forgotten.
    const values = Array.from({ length: size }, (_, index) => ((index * 41) % 200) + 1 + (dtype === "uint16" ? 256 * (index % 250) : 0));
    const pixels = NdArray.from(dtype === "uint16" ? Uint16Array.from(values) : Uint8Array.from(values)).reshape(shape);
    const image = await recipe.encode(pixels);
    expect(image.format).toBe(format);
    const decoded = await recipe.decode(image);
    const [height, width, channels = 1] = shape;
    expect(decoded).toEqual(pixels.reshape([height, width, channels]));
  });

  test("jpeg, webp and avif take a quality", async () => {
    const pixels = new NdArray("uint8", [80, 96, 3], somePixels(96, 80));
    for (const format of ["jpeg", "webp", "avif"] as const) {
      const sizes: number[] = [];
      for (const quality of [20, 95]) {
        const recipe = await loadModel(await saveModel("quality", { encode: { format, quality } }, { store }));
        sizes.push((await recipe.encode(pixels)).bytes?.length ?? 0);
      }
      expect(sizes[0]).toBeLessThan(sizes[1] as number);
    }
  });
});
