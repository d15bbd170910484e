import { imageFormats, isImageFormat, type ImageFormat } from "./image-format.js";
import type { CheckedRecipe, CheckedResize, ImageLimits, ResizeKernel } from "./image-recipe.js";
import { RecipeSection } from "./recipe-section.js";

/** Of a side, in pixels: what JPEG can hold, and more than any model takes. */
const LONGEST_SIDE = 65_535;

const resizeKernels: readonly ResizeKernel[] = ["nearest", "linear", "cubic", "mitchell", "lanczos2", "lanczos3"];

/** The formats that hold 16 bits a channel. */
const deepFormats: readonly string[] = ["png"];

/**
 * Checks a recipe, field by field and then together, and fills in what was left out.
 *
 * @throws InvalidArgumentError that names the field's path, the value, and what is allowed.
 */
export function checkRecipe(recipe: unknown): CheckedRecipe {
  const section = RecipeSection.of(recipe, "recipe");
  const colourSpace = section.oneOf("colourSpace", ["srgb", "grey"], "srgb");
  const alpha = checkAlpha(section);
  const channels = (colourSpace === "grey" ? 1 : 3) + (alpha === "keep" ? 1 : 0);
  const dtype = section.oneOf("dtype", ["uint8", "uint16", "float16", "float32"], "float32");
  const bitDepth = checkBitDepth(section, dtype);
  const frames = section.oneOf("frames", ["first", "all"], "first");
  const resize = checkResize(section.section("resize", "{ shortestSide: 256 }"));
  const checked: CheckedRecipe = {
    formats: checkFormats(section),
    limits: checkLimits(section.section("limits")),
    failOn: section.oneOf("failOn", ["truncated", "error", "warning"], "error"),
    orient: section.boolean("orient", true),
    frames,
    trimThreshold: checkTrim(section, frames),
    resize,
    crop: checkCrop(section, resize),
    colourSpace,
    alpha,
    bitDepth,
    invert: section.boolean("invert", false),
    ...checkMapping(section, dtype, bitDepth, channels),
    layout: section.oneOf("layout", ["NCHW", "NHWC"], "NCHW"),
    dtype,
    encode: checkEncode(section.section("encode")),
    channels,
  };
  section.end();
  return checked;
}

/** Whether `encode` may write 16 bits a channel. */
export function holdsSixteenBits(format: string): boolean {
  return deepFormats.includes(format);
}

function checkFormats(section: RecipeSection): readonly ImageFormat[] {
  const value = section.raw("formats") ?? imageFormats;
  if (Array.isArray(value) && value.length > 0 && value.every(isImageFormat)) return [...new Set(value)];
  throw section.wrong("formats", `a list of some of ${imageFormats.map((format) => JSON.stringify(format)).join(", ")}`);
}

function checkLimits(section: RecipeSection | undefined): Required<ImageLimits> {
  const limits = {
    maxBytes: section?.whole("maxBytes", 1, 2 ** 31) ?? 2 ** 25,
    maxPixels: section?.whole("maxPixels", 1, 2 ** 32) ?? 100_000_000,
    maxFrames: section?.whole("maxFrames", 1, 10_000) ?? 64,
  };
  section?.end();
  return limits;
}

function checkTrim(section: RecipeSection, frames: "first" | "all"): number | undefined {
  const value = section.raw("trim");
  if (value === undefined || value === false) return undefined;
  if (frames === "all") throw section.wrong("trim", 'left out with frames: "all", since each frame would get another size');
  if (value === true) return 10;
  const given = section.section("trim") as RecipeSection;
  const threshold = given.number("threshold", 10, "a number from 0 to 255", (number) => number >= 0 && number <= 255);
  given.end();
  return threshold;
}

function checkResize(section: RecipeSection | undefined): CheckedResize | undefined {
  if (section === undefined) return undefined;
  const common = {
    kernel: section.oneOf("kernel", resizeKernels, "linear"),
    fastShrinkOnLoad: section.boolean("fastShrinkOnLoad", true),
  };
  const [shortest, longest, width, height] = ["shortestSide", "longestSide", "width", "height"].map((name) => section.whole(name, 1, LONGEST_SIDE));
  const fit = section.oneOf("fit", ["cover", "contain", "fill"], "cover");
  const background = section.colour("background", "#000000");
  const ways = [shortest, longest, width ?? height].filter((side) => side !== undefined).length;
  section.end();
  if (ways !== 1) throw section.wrong("shortestSide", "the only size: a resize has shortestSide, or longestSide, or width and height");
  if (section.has("background") && fit !== "contain") throw section.wrong("background", 'left out without fit: "contain"');
  if (width !== undefined && height !== undefined) return { ...common, fit, width, height, background };
  if (width !== undefined || height !== undefined) throw section.wrong(width === undefined ? "width" : "height", "a whole number: width and height come together, or use shortestSide or longestSide");
  if (section.has("fit")) throw section.wrong("fit", "left out without width and height");
  return { ...common, fit: shortest === undefined ? "longest" : "shortest", side: (shortest ?? longest) as number };
}

function checkCrop(section: RecipeSection, resize: CheckedResize | undefined): CheckedRecipe["crop"] {
  const value = section.raw("crop");
  if (value === undefined) return undefined;
  const given = typeof value === "object" ? section.section("crop") : undefined;
  const width = given === undefined ? section.whole("crop", 1, LONGEST_SIDE) : given.whole("width", 1, LONGEST_SIDE);
  const height = given === undefined ? width : given.whole("height", 1, LONGEST_SIDE);
  given?.end();
  if (width === undefined || height === undefined) throw section.wrong("crop", "a side, or { width, height }");
  if (resize === undefined || resize.fit === "longest") throw section.wrong("crop", "left out, or come with a resize that has shortestSide, or width and height: a smaller image could not be cropped");
  const [mostWidth, mostHeight] = "side" in resize ? [resize.side, resize.side] : [resize.width, resize.height];
  if (width > mostWidth || height > mostHeight) throw section.wrong("crop", `no larger than what resize leaves for certain, ${mostWidth} x ${mostHeight}`);
  return { width, height };
}

function checkAlpha(section: RecipeSection): CheckedRecipe["alpha"] {
  const value = section.raw("alpha");
  if (typeof value !== "object" || value === null) return section.oneOf("alpha", ["remove", "keep"], "remove");
  const given = section.section("alpha") as RecipeSection;
  const background = given.colour("background");
  given.end();
  return { background };
}

function checkBitDepth(section: RecipeSection, dtype: CheckedRecipe["dtype"]): 8 | 16 {
  const bitDepth = section.oneOf("bitDepth", [8, 16], dtype === "uint16" ? 16 : 8);
  if (dtype === "uint8" && bitDepth === 16) throw section.wrong("bitDepth", "8 for dtype uint8");
  if (dtype === "uint16" && bitDepth === 8) throw section.wrong("bitDepth", "16 for dtype uint16");
  return bitDepth;
}

function checkMapping(section: RecipeSection, dtype: CheckedRecipe["dtype"], bitDepth: 8 | 16, channels: number): Pick<CheckedRecipe, "scale" | "mean" | "std"> {
  const isWhole = dtype === "uint8" || dtype === "uint16";
  for (const name of ["scale", "mean", "std"]) {
    if (isWhole && section.has(name)) throw section.wrong(name, `left out for dtype ${dtype}, whose values stay as they are: use float32 or float16`);
  }
  return {
    scale: section.number("scale", isWhole ? 1 : 1 / (bitDepth === 8 ? 255 : 65_535), "a number other than 0", (number) => number !== 0),
    mean: perChannel(section, "mean", 0, channels),
    std: perChannel(section, "std", 1, channels),
  };
}

function perChannel(section: RecipeSection, name: "mean" | "std", byDefault: number, channels: number): readonly number[] {
  const value = section.raw(name) ?? byDefault;
  const list: unknown[] = Array.isArray(value) ? value : Array.from({ length: channels }, () => value);
  const allowed = (number: unknown): boolean => typeof number === "number" && Number.isFinite(number) && (name === "mean" || number !== 0);
  if (list.length === channels && list.every(allowed)) return list as number[];
  throw section.wrong(name, `a number${name === "std" ? " other than 0" : ""}, or a list of ${channels}, one for each channel`);
}

function checkEncode(section: RecipeSection | undefined): CheckedRecipe["encode"] {
  if (section === undefined) return { format: "png" };
  const format = section.oneOf("format", ["png", "jpeg", "webp", "tiff", "avif"], "png");
  const quality = section.whole("quality", 1, 100);
  const lossless = section.boolean("lossless", false);
  section.end();
  if (quality !== undefined && (format === "png" || format === "tiff")) throw section.wrong("quality", `left out for ${format}, which loses nothing`);
  if (section.has("lossless") && format !== "webp" && format !== "avif") throw section.wrong("lossless", "left out: only webp and avif have both ways");
  return { format, ...(quality === undefined ? {} : { quality }), ...(lossless ? { lossless } : {}) };
}
