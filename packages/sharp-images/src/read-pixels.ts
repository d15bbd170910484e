import type { Sharp } from "sharp";
import { checkAdmission, openOptions, readFacts, type AdmissionRules, type ImageFacts } from "./image-facts.js";
import { explainReadFailure } from "./image-errors.js";
import type { ImageFormat } from "./image-format.js";
import type { LoadedImage } from "./image.js";
import type { CheckedRecipe, CheckedResize } from "./image-recipe.js";
import { toLuma } from "./luma.js";
import type { SharpLibrary } from "./native-library.js";
import type { RawPixels } from "./raw-pixels.js";
import { runPipeline } from "./run-pipeline.js";

/**
 * The pixels of an image as the file has them: grey or RGB, with alpha or without, 8 or 16 bits.
 *
 * @throws InvalidArgumentError (`INVALID_IMAGE`, `UNSUPPORTED_IMAGE`, `IMAGE_TOO_LARGE`).
 */
export async function readPixels(sharp: SharpLibrary, image: LoadedImage, rules: AdmissionRules): Promise<RawPixels> {
  const facts = await readFacts(sharp, image, rules);
  const pipeline = open(sharp, image, rules);
  if (!facts.hasAlpha) pipeline.removeAlpha();
  const pixels = await rawPixels(pipeline, facts, { isGrey: facts.isGrey && !facts.hasAlpha, bits: facts.bits });
  return facts.isGrey ? toLuma(pixels) : pixels;
}

/**
 * The pixels of an image after all steps of a recipe but those on single values. They have 16 bits only where recipe and file
 * have them.
 *
 * @throws InvalidArgumentError (`INVALID_IMAGE`, `UNSUPPORTED_IMAGE`, `IMAGE_TOO_LARGE`).
 */
export async function readRecipePixels(sharp: SharpLibrary, image: LoadedImage, recipe: CheckedRecipe): Promise<RawPixels> {
  if (!canSkipHeader(image, recipe)) return recipePixels(sharp, image, recipe, await readFacts(sharp, image, recipe));
  checkAdmission(image, recipe);
  try {
    return await recipePixels(sharp, image, recipe, plainFacts);
  } catch (error) {
    // What is wrong with a header is told by numbers.
    await readFacts(sharp, image, recipe);
    throw error;
  }
}

/** Formats whose first bytes decide how libvips reads them, all with whole numbers of 8 or 16 bits. */
const plainFormats: readonly ImageFormat[] = ["jpeg", "png", "webp", "gif"];

/** Stands for every header that tells such a recipe nothing. */
const plainFacts: ImageFacts = { isGrey: false, hasAlpha: false, bits: 8, frames: 1 };

/**
 * To read a header first takes a twentieth of the processor time of a photo that is decoded and made smaller. It is left out where the recipe's steps
 * are the same for all headers; sharp itself refuses too many pixels before it decodes one.
 */
function canSkipHeader(image: LoadedImage, { colourSpace, bitDepth, frames }: CheckedRecipe): boolean {
  return image.kind === "encoded" && plainFormats.includes(image.format) && colourSpace !== "grey" && bitDepth === 8 && frames === "first";
}

async function recipePixels(sharp: SharpLibrary, image: LoadedImage, recipe: CheckedRecipe, facts: ImageFacts): Promise<RawPixels> {
  const pipeline = open(sharp, image, recipe);
  if (recipe.trimThreshold !== undefined) pipeline.trim({ threshold: recipe.trimThreshold });
  resize(pipeline, recipe);
  if (recipe.alpha === "remove") pipeline.removeAlpha();
  else if (recipe.alpha === "keep") pipeline.ensureAlpha();
  else pipeline.flatten({ background: recipe.alpha.background });
  const wantsGrey = recipe.colourSpace === "grey";
  const isGrey = wantsGrey && facts.isGrey && recipe.alpha !== "keep";
  const pixels = await rawPixels(pipeline, facts, { isGrey, bits: facts.bits === 16 ? recipe.bitDepth : 8 });
  return wantsGrey ? toLuma(pixels) : pixels;
}

function open(sharp: SharpLibrary, image: LoadedImage, rules: AdmissionRules): Sharp {
  return sharp(image.kind === "encoded" ? image.bytes : image.data, openOptions(image, rules));
}

function resize(pipeline: Sharp, { resize, crop }: CheckedRecipe): void {
  if (resize === undefined) return;
  const { kernel, fastShrinkOnLoad } = resize;
  pipeline.resize({ ...sizeOf(resize, crop !== undefined), kernel, fastShrinkOnLoad });
  if (crop === undefined) return;
  const [width, height] = "side" in resize ? [resize.side, resize.side] : [resize.width, resize.height];
  const left = Math.floor((width - crop.width) / 2);
  const top = Math.floor((height - crop.height) / 2);
  pipeline.extract({ left, top, width: crop.width, height: crop.height });
}

/** A crop after `shortestSide` takes a part of the square in the middle, so that square is all that is made. */
function sizeOf(resize: CheckedResize, isCropped: boolean): { width: number; height: number; fit: "cover" | "contain" | "fill" | "inside" | "outside"; background?: string } {
  if (!("side" in resize)) return { width: resize.width, height: resize.height, fit: resize.fit, background: resize.background };
  const { side } = resize;
  if (resize.fit === "longest") return { width: side, height: side, fit: "inside" };
  return { width: side, height: side, fit: isCropped ? "cover" : "outside" };
}

/** `isGrey`: a single channel. sharp gives no grey with alpha: such images come as RGB and alpha. */
async function rawPixels(pipeline: Sharp, { frames }: ImageFacts, wanted: { readonly isGrey: boolean; readonly bits: 8 | 16 }): Promise<RawPixels> {
  const isDeep = wanted.bits === 16;
  const space = wanted.isGrey ? (isDeep ? "grey16" : "b-w") : isDeep ? "rgb16" : "srgb";
  try {
    const { bytes, info } = await runPipeline(pipeline.toColourspace(space).raw({ depth: isDeep ? "ushort" : "uchar" }));
    const data = isDeep ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2) : bytes;
    return { data, width: info.width, height: info.height / frames, channels: info.channels, frames };
  } catch (error) {
    throw explainReadFailure(error);
  }
}
