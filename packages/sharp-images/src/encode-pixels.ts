import { InvalidArgumentError, type NdArray } from "bentoml-core";
import type { Sharp } from "sharp";
import { holdsSixteenBits } from "./check-recipe.js";
import { explainWriteFailure } from "./image-errors.js";
import { pixelImage, type PixelImage } from "./image.js";
import type { CheckedRecipe } from "./image-recipe.js";
import type { SharpLibrary } from "./native-library.js";
import { runPipeline } from "./run-pipeline.js";

/** The file of pixels [height, width, channels] or [height, width]. */
export async function encodePixels(sharp: SharpLibrary, pixels: NdArray, encode: CheckedRecipe["encode"]): Promise<Uint8Array> {
  const { data, width, height, channels } = pixelsToEncode(pixels, encode.format);
  const space = channels < 3 ? (data instanceof Uint16Array ? "grey16" : "b-w") : data instanceof Uint16Array ? "rgb16" : "srgb";
  const pipeline = sharp(data, { raw: { width, height, channels }, limitInputPixels: false }).toColourspace(space);
  try {
    return (await runPipeline(withFormat(pipeline, encode))).bytes.slice();
  } catch (error) {
    throw explainWriteFailure(error);
  }
}

/**
 * Pixels that can be encoded. Needs no native library.
 *
 * @throws InvalidArgumentError that names the dtype or shape and what is allowed.
 */
export function pixelsToEncode({ dtype, shape, data }: NdArray, format: string): PixelImage {
  const isDeep = dtype === "uint16";
  if (dtype !== "uint8" && !(isDeep && holdsSixteenBits(format))) {
    throw new InvalidArgumentError(`The pixels to encode as ${format} are ${dtype}: they must be uint8${holdsSixteenBits(format) ? " or uint16" : ""}, as decode gives them.`);
  }
  const [height = 0, width = 0, channels = 1] = shape;
  if (shape.length < 2 || shape.length > 3) {
    throw new InvalidArgumentError(`The pixels to encode have the shape [${shape.join(", ")}]: it must be [height, width, channels] or [height, width].`);
  }
  if (format === "jpeg" && channels % 2 === 0) {
    throw new InvalidArgumentError(`The pixels to encode as jpeg have ${channels} channels, so one of alpha, which jpeg cannot hold: leave it out, or encode as png or webp.`);
  }
  return pixelImage(data as Uint8Array | Uint16Array, width, height, channels);
}

function withFormat(pipeline: Sharp, { format, quality, lossless }: CheckedRecipe["encode"]): Sharp {
  const common = quality === undefined ? {} : { quality };
  switch (format) {
    case "png":
      return pipeline.png();
    case "tiff":
      return pipeline.tiff({ compression: "deflate" });
    case "jpeg":
      return pipeline.jpeg(common);
    case "webp":
      return pipeline.webp({ ...common, lossless: lossless === true });
    case "avif":
      return pipeline.avif({ ...common, lossless: lossless === true });
  }
}
