import type { Metadata, SharpOptions } from "sharp";
import { explainReadFailure, imageTooLarge, invalidImage, unsupportedImage } from "./image-errors.js";
import type { LoadedImage } from "./image.js";
import type { CheckedRecipe } from "./image-recipe.js";
import type { SharpLibrary } from "./native-library.js";

/** What an image's header says. */
export interface ImageFacts {
  readonly isGrey: boolean;
  readonly hasAlpha: boolean;
  /** Of a channel. */
  readonly bits: 8 | 16;
  /** Those that the recipe takes: 1, or all of them. */
  readonly frames: number;
}

/** The part of a recipe that says which images are taken. */
export type AdmissionRules = Pick<CheckedRecipe, "formats" | "limits" | "failOn" | "orient" | "frames">;

/**
 * What can be told without decoding anything: format, bytes, and the pixels of raw ones. Needs no native library.
 *
 * @throws InvalidArgumentError (`UNSUPPORTED_IMAGE`, `IMAGE_TOO_LARGE`).
 */
export function checkAdmission(image: LoadedImage, { formats, limits }: AdmissionRules): void {
  if (image.kind === "pixels") {
    checkPixels(image.width * image.height, limits.maxPixels);
    return;
  }
  if (!formats.includes(image.format)) throw unsupportedImage(`The image is ${image.format}, and the recipe takes only ${formats.join(", ")}.`);
  if (image.bytes.byteLength > limits.maxBytes) throw imageTooLarge("bytes", image.bytes.byteLength, "maxBytes", limits.maxBytes);
}

/**
 * Reads the header, and refuses what the recipe does not take before a pixel is decoded.
 *
 * @throws InvalidArgumentError (`INVALID_IMAGE`, `UNSUPPORTED_IMAGE`, `IMAGE_TOO_LARGE`).
 */
export async function readFacts(sharp: SharpLibrary, image: LoadedImage, rules: AdmissionRules): Promise<ImageFacts> {
  checkAdmission(image, rules);
  if (image.kind === "pixels") {
    const { channels, data } = image;
    return { isGrey: channels < 3, hasAlpha: channels % 2 === 0, bits: data instanceof Uint16Array ? 16 : 8, frames: 1 };
  }
  // The limit is checked below, by numbers that the message can name; a header costs no memory.
  const metadata = await sharp(image.bytes, { failOn: rules.failOn, limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw explainReadFailure(error);
    });
  checkFormat(metadata, image.format);
  const frames = rules.frames === "all" ? (metadata.pages ?? 1) : 1;
  if (frames > rules.limits.maxFrames) throw imageTooLarge("frames", frames, "maxFrames", rules.limits.maxFrames);
  checkPixels(metadata.width * metadata.height * frames, rules.limits.maxPixels);
  const isGrey = metadata.space === "b-w" || metadata.space === "grey16";
  return { isGrey, hasAlpha: metadata.hasAlpha, bits: bitsOf(metadata), frames };
}

/** How sharp opens an image that was found good. */
export function openOptions(image: LoadedImage, { limits, failOn, orient, frames }: AdmissionRules): SharpOptions {
  if (image.kind === "encoded") return { failOn, autoOrient: orient, limitInputPixels: limits.maxPixels, pages: frames === "all" ? -1 : 1 };
  const { width, height, channels } = image;
  return { raw: { width, height, channels }, limitInputPixels: limits.maxPixels };
}

function checkPixels(pixels: number, maxPixels: number): void {
  if (pixels > maxPixels) throw imageTooLarge("pixels", pixels, "maxPixels", maxPixels);
}

/** A file that begins as one format and is read as another was made to deceive. */
function checkFormat({ format, compression }: Metadata, announced: string): void {
  const found = format === "heif" && compression === "av1" ? "avif" : format;
  if (found !== announced) throw invalidImage(`The image begins as ${announced}, but is read as ${found}. Send the file as it is.`);
}

function bitsOf({ depth, format }: Metadata): 8 | 16 {
  if (depth === "uchar") return 8;
  if (depth === "ushort") return 16;
  throw unsupportedImage(`The ${format} image has channels of type ${depth}: recipes read whole numbers of 8 or 16 bits.`);
}
