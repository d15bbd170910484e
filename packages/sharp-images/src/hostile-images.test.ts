import { floatTiff, hugePng, someFile } from "@bentoml-tools/images";
import { InvalidArgumentError } from "bentoml-core";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { checkRecipe } from "./check-recipe.js";
import { Image } from "./image.js";
import { imageFormats, type ImageFormat } from "./image-format.js";
import { ImageProcessor } from "./image-processor.js";
import type { ImageRecipe } from "./image-recipe.js";

const recipe: ImageRecipe = { resize: { width: 8, height: 8 } };

async function errorOf(bytes: Uint8Array, method: "preprocess" | "decode" = "preprocess", given = recipe): Promise<InvalidArgumentError> {
  const processor = new ImageProcessor(sharp, checkRecipe(given));
  try {
    await processor[method](Image.fromBytes(bytes));
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidArgumentError);
    return error as InvalidArgumentError;
  }
  throw new Error("The image was taken.");
}

function textAfter(head: string, text: string): Uint8Array {
  return Buffer.from(head + text.repeat(40), "latin1");
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';

describe.each([...imageFormats])("a %s file", (format: ImageFormat) => {
  let whole: Uint8Array;
  beforeAll(async () => {
    whole = await someFile(format);
  });

  test.each(["truncated", "error", "warning"] as const)("that is cut short is refused, failOn %s", async (failOn) => {
    for (const share of [0.5, 0.8]) {
      const cut = whole.subarray(0, Math.floor(whole.length * share));
      for (const method of ["preprocess", "decode"] as const) {
        expect(await errorOf(cut, method, { ...recipe, failOn })).toMatchObject({ code: "INVALID_IMAGE", httpStatus: 400 });
      }
    }
  });

  test("of which only the head is there is refused", async () => {
    expect((await errorOf(whole.subarray(0, 40))).code).toBe("INVALID_IMAGE");
  });

  test("that is not among the recipe's formats is refused", async () => {
    const formats = imageFormats.filter((other) => other !== format);
    const error = await errorOf(whole, "preprocess", { ...recipe, formats });
    expect(error).toMatchObject({ code: "UNSUPPORTED_IMAGE", httpStatus: 415, message: expect.stringContaining(`is ${format}, and`) });
  });

  test("of more pixels or bytes than the limits is refused", async () => {
    const pixels = await errorOf(whole, "decode", { limits: { maxPixels: 96 * 80 - 1 } });
    expect(pixels).toMatchObject({ code: "IMAGE_TOO_LARGE", httpStatus: 413, message: expect.stringContaining("7,680 pixels, and the recipe takes at most 7,679") });
    const bytes = await errorOf(whole, "decode", { limits: { maxBytes: whole.length - 1 } });
    expect(bytes).toMatchObject({ code: "IMAGE_TOO_LARGE", message: expect.stringContaining("limits.maxBytes") });
    await new ImageProcessor(sharp, checkRecipe({ limits: { maxPixels: 96 * 80, maxBytes: whole.length } })).decode(Image.fromBytes(whole));
  });
});

test("no bytes", async () => {
  expect(await errorOf(new Uint8Array())).toMatchObject({ code: "INVALID_IMAGE", message: expect.stringContaining("empty") });
});

test.each([
  { what: "text", bytes: textAfter("", "hello "), code: "INVALID_IMAGE", names: "68656c6c6f" },
  { what: "an SVG", bytes: textAfter("", svg), code: "UNSUPPORTED_IMAGE", names: "SVG" },
  { what: "an XML file", bytes: textAfter("  \n<?xml version='1.0'?>", svg), code: "UNSUPPORTED_IMAGE", names: "XML" },
  { what: "a PDF", bytes: textAfter("%PDF-1.7\n", "x"), code: "UNSUPPORTED_IMAGE", names: "PDF" },
  { what: "a web page", bytes: textAfter("<!DOCTYPE html>", "<p>"), code: "UNSUPPORTED_IMAGE", names: "HTML" },
  { what: "a BMP", bytes: textAfter("BM", "\0"), code: "UNSUPPORTED_IMAGE", names: "BMP" },
])("$what is named and refused", async ({ bytes, code, names }) => {
  expect(await errorOf(bytes)).toMatchObject({ code, message: expect.stringContaining(names) });
});

test("30,000 x 30,000 pixels in a few kilobytes are refused by their header", async () => {
  const bomb = hugePng(30_000, 30_000);
  expect(bomb.length).toBeLessThan(200_000);
  for (const method of ["preprocess", "decode"] as const) {
    expect(await errorOf(bomb, method)).toMatchObject({ code: "IMAGE_TOO_LARGE", message: expect.stringContaining("900,000,000 pixels") });
  }
});

describe("a file that is two things at once", () => {
  test.each([
    { what: "GIF and script", bytes: textAfter("GIF89a/*", "*/=1;alert(1);/*") },
    { what: "GIF and SVG", bytes: textAfter("GIF89a", svg) },
    { what: "JPEG and SVG", bytes: textAfter("\xff\xd8\xff", svg) },
    { what: "PNG and web page", bytes: textAfter("\x89PNG\r\n\x1a\n", "<html>") },
    { what: "WebP and PDF", bytes: textAfter("RIFF\x40\0\0\0WEBP", "%PDF-1.7") },
    { what: "TIFF and SVG", bytes: textAfter("II*\0", svg) },
    { what: "AVIF and SVG", bytes: textAfter("\0\0\0\x18ftypavif", svg) },
  ])("$what: is read as what it begins as, and refused", async ({ bytes }) => {
    expect((await errorOf(bytes)).code).toBe("INVALID_IMAGE");
    expect((await errorOf(bytes, "decode")).code).toBe("INVALID_IMAGE");
  });

  test("an image with an archive behind it is that image and nothing else", async () => {
    const png = await someFile("png");
    const processor = new ImageProcessor(sharp, checkRecipe({}));
    const alone = await processor.decode(Image.fromBytes(png));
    const both = await processor.decode(Image.fromBytes(Buffer.concat([png, Buffer.from("PK\x03\x04 and more")])));
    expect(both.data).toEqual(alone.data);
  });
});

test("of an animated file all frames count together", async () => {
  const frames = Buffer.concat(Array.from({ length: 5 }, (_, frame) => Buffer.alloc(6 * 4 * 3, frame * 50)));
  const gif = await sharp(frames, { raw: { width: 6, height: 20, channels: 3, pageHeight: 4 } }).gif({ loop: 0 }).toBuffer();
  expect(await errorOf(gif, "decode", { frames: "all", limits: { maxFrames: 4 } })).toMatchObject({ message: expect.stringContaining("5 frames") });
  expect(await errorOf(gif, "decode", { frames: "all", limits: { maxPixels: 119 } })).toMatchObject({ message: expect.stringContaining("120 pixels") });
  const array = await new ImageProcessor(sharp, checkRecipe({ frames: "all" })).decode(Image.fromBytes(gif));
  expect(array.shape).toEqual([5, 4, 6, 4]);
});

test("of several images the message names the one", async () => {
  const processor = new ImageProcessor(sharp, checkRecipe(recipe));
  const good = Image.fromBytes(await someFile("png"));
  const bad = Image.fromBytes((await someFile("jpeg")).subarray(0, 300));
  await expect(processor.preprocess(good, bad, good)).rejects.toMatchObject({ code: "INVALID_IMAGE", message: expect.stringMatching(/^Image 2 of 3: /) });
});

test("floating-point pixels are refused by name", async () => {
  expect(await errorOf(floatTiff(), "decode", {})).toMatchObject({ code: "UNSUPPORTED_IMAGE", message: expect.stringContaining("type float") });
});
