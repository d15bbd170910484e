import { InvalidArgumentError } from "bentoml-core";
import { describe, expect, test } from "vitest";
import { checkRecipe } from "./check-recipe.js";

test("an empty recipe has every default", () => {
  expect(checkRecipe({})).toEqual({
    formats: ["jpeg", "png", "webp", "gif", "tiff", "avif"],
    limits: { maxBytes: 33_554_432, maxPixels: 100_000_000, maxFrames: 64 },
    failOn: "error",
    orient: true,
    frames: "first",
    trimThreshold: undefined,
    resize: undefined,
    crop: undefined,
    colourSpace: "srgb",
    alpha: "remove",
    bitDepth: 8,
    invert: false,
    scale: 1 / 255,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    layout: "NCHW",
    dtype: "float32",
    encode: { format: "png" },
    channels: 3,
  });
});

test("a recipe as models of ImageNet want it", () => {
  const recipe = checkRecipe({ resize: { shortestSide: 256 }, crop: 224, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] });
  expect(recipe).toMatchObject({ resize: { fit: "shortest", side: 256, kernel: "linear", fastShrinkOnLoad: true }, crop: { width: 224, height: 224 } });
});

test("defaults follow dtype and colours", () => {
  expect(checkRecipe({ dtype: "uint16" })).toMatchObject({ bitDepth: 16, scale: 1 });
  expect(checkRecipe({ bitDepth: 16 })).toMatchObject({ dtype: "float32", scale: 1 / 65_535 });
  expect(checkRecipe({ colourSpace: "grey", alpha: "keep", mean: 0.5 })).toMatchObject({ channels: 2, mean: [0.5, 0.5] });
});

describe("a recipe that cannot be used is refused by path, value and what is allowed", () => {
  test.each([
    { recipe: null, says: "recipe is null: it must be a plain object" },
    { recipe: [], says: "recipe is []" },
    { recipe: { size: 3 }, says: "recipe.size is no field of a recipe; recipe has colourSpace, alpha, dtype" },
    { recipe: { resize: { side: 3, width: 1, height: 1 } }, says: "recipe.resize.side is no field of a recipe; recipe.resize has kernel" },
    { recipe: { limits: { pixels: 3 } }, says: "recipe.limits.pixels is no field" },
    { recipe: { encode: { level: 3 } }, says: "recipe.encode.level is no field" },
    { recipe: { alpha: { background: "#ffffff", blend: 1 } }, says: "recipe.alpha.blend is no field" },
    { recipe: { trim: { tolerance: 1 } }, says: "recipe.trim.tolerance is no field" },
    { recipe: { crop: { width: 1, height: 1, left: 0 }, resize: { shortestSide: 9 } }, says: "recipe.crop.left is no field" },
    { recipe: { formats: ["png", "svg"] }, says: 'recipe.formats is ["png","svg"]: it must be a list of some of "jpeg", "png"' },
    { recipe: { formats: [] }, says: "recipe.formats is []" },
    { recipe: { limits: { maxPixels: 0 } }, says: "recipe.limits.maxPixels is 0: it must be a whole number from 1 to 4,294,967,296" },
    { recipe: { limits: { maxBytes: 1.5 } }, says: "recipe.limits.maxBytes is 1.5" },
    { recipe: { limits: { maxFrames: "9" } }, says: 'recipe.limits.maxFrames is "9"' },
    { recipe: { failOn: "none" }, says: 'recipe.failOn is "none": it must be one of "truncated", "error", "warning"' },
    { recipe: { orient: 1 }, says: "recipe.orient is 1: it must be true or false" },
    { recipe: { frames: 2 }, says: "recipe.frames is 2" },
    { recipe: { trim: { threshold: 256 } }, says: "recipe.trim.threshold is 256: it must be a number from 0 to 255" },
    { recipe: { trim: true, frames: "all" }, says: "recipe.trim is true: it must be left out with frames" },
    { recipe: { resize: 224 }, says: "recipe.resize is 224: it must be a plain object" },
    { recipe: { resize: {} }, says: "recipe.resize.shortestSide is undefined: it must be the only size" },
    { recipe: { resize: { shortestSide: 3, longestSide: 4 } }, says: "the only size" },
    { recipe: { resize: { width: 3 } }, says: "recipe.resize.height is undefined: it must be a whole number" },
    { recipe: { resize: { height: 3 } }, says: "recipe.resize.width is undefined" },
    { recipe: { resize: { width: 70_000, height: 1 } }, says: "recipe.resize.width is 70000" },
    { recipe: { resize: { shortestSide: 3, fit: "fill" } }, says: 'recipe.resize.fit is "fill": it must be left out' },
    { recipe: { resize: { width: 3, height: 3, fit: "inside" } }, says: 'recipe.resize.fit is "inside"' },
    { recipe: { resize: { width: 3, height: 3, background: "#000000" } }, says: "recipe.resize.background" },
    { recipe: { resize: { width: 3, height: 3, fit: "contain", background: "black" } }, says: 'recipe.resize.background is "black": it must be a colour' },
    { recipe: { resize: { shortestSide: 3, kernel: "bilinear" } }, says: 'recipe.resize.kernel is "bilinear": it must be one of "nearest", "linear"' },
    { recipe: { crop: 3 }, says: "recipe.crop is 3: it must be left out, or come with a resize" },
    { recipe: { crop: 3, resize: { longestSide: 9 } }, says: "recipe.crop is 3" },
    { recipe: { crop: 10, resize: { shortestSide: 9 } }, says: "no larger than what resize leaves for certain, 9 x 9" },
    { recipe: { crop: { width: 3 }, resize: { shortestSide: 9 } }, says: "recipe.crop is" },
    { recipe: { colourSpace: "cmyk" }, says: 'recipe.colourSpace is "cmyk": it must be one of "srgb", "grey"' },
    { recipe: { alpha: true }, says: 'recipe.alpha is true: it must be one of "remove", "keep"' },
    { recipe: { alpha: {} }, says: "recipe.alpha.background is undefined: it must be a colour" },
    { recipe: { dtype: "float64" }, says: 'recipe.dtype is "float64"' },
    { recipe: { dtype: "uint8", bitDepth: 16 }, says: "recipe.bitDepth is 16: it must be 8 for dtype uint8" },
    { recipe: { dtype: "uint16", bitDepth: 8 }, says: "recipe.bitDepth is 8: it must be 16 for dtype uint16" },
    { recipe: { dtype: "uint8", mean: 0.5 }, says: "recipe.mean is 0.5: it must be left out for dtype uint8" },
    { recipe: { scale: 0 }, says: "recipe.scale is 0" },
    { recipe: { scale: NaN }, says: "recipe.scale is NaN" },
    { recipe: { mean: [0.5] }, says: "recipe.mean is [0.5]: it must be a number, or a list of 3, one for each channel" },
    { recipe: { std: [1, 0, 1] }, says: "recipe.std is [1,0,1]: it must be a number other than 0" },
    { recipe: { layout: "CHW" }, says: 'recipe.layout is "CHW"' },
    { recipe: { encode: { format: "gif" } }, says: 'recipe.encode.format is "gif"' },
    { recipe: { encode: { format: "jpeg", quality: 0 } }, says: "recipe.encode.quality is 0: it must be a whole number from 1 to 100" },
    { recipe: { encode: { quality: 9 } }, says: "recipe.encode.quality is 9: it must be left out for png" },
    { recipe: { encode: { format: "jpeg", lossless: true } }, says: "recipe.encode.lossless" },
    { recipe: { invert: () => true }, says: "recipe.invert is a function" },
  ])("$says", ({ recipe, says }) => {
    expect(() => checkRecipe(recipe)).toThrow(InvalidArgumentError);
    expect(() => checkRecipe(recipe)).toThrow(says);
  });
});
