import { InvalidArgumentError, NdArray, Params, type ModelSignature, type StoredModel } from "bentoml-core";
import { pixelsToEncode } from "./encode-pixels.js";
import { checkAdmission } from "./image-facts.js";
import type { Image } from "./image.js";
import { toImage } from "./image-input.js";
import type { CheckedRecipe } from "./image-recipe.js";
import { recipeOf } from "./stored-recipe.js";

/**
 * Turns a call's argument into Images (a list of them for `preprocess` into as many arguments), or into pixels for `encode`, and
 * refuses what can be told without decoding. Runs in the caller's thread; reads no file and loads nothing native.
 *
 * @throws InvalidArgumentError that names the argument.
 */
export function prepare(params: Params, _signature: ModelSignature, methodName: string, model: StoredModel): Params {
  const recipe = recipeOf(model);
  if (methodName === "encode") return new Params([pixelsOf(onlyValue(params, "pixels"), recipe)]);
  if (methodName === "decode") return new Params([admitted(onlyValue(params, "image"), "image", recipe)]);
  return new Params(imagesOf(params, recipe));
}

/** One image, a list of images, or what a call that was prepared already has: an argument for each. */
function imagesOf(params: Params, recipe: CheckedRecipe): Image[] {
  const { args } = params;
  const value: unknown = args.length > 1 && args.length === params.size ? args : onlyValue(params, "image");
  if (!Array.isArray(value)) return [admitted(value, "image", recipe)];
  if (value.length === 0) throw new InvalidArgumentError('"image" is an empty list: a call needs at least one image.');
  if (value.length > 1 && recipe.frames === "all") {
    throw new InvalidArgumentError(`"image" is a list of ${value.length}, but a recipe with frames: "all" takes one animated image a call.`);
  }
  return value.map((image, index) => admitted(image, `image[${index}]`, recipe));
}

function admitted(value: unknown, argument: string, recipe: CheckedRecipe): Image {
  const image = toImage(value, argument);
  if (image.loaded !== undefined) checkAdmission(image.loaded, recipe);
  return image;
}

function pixelsOf(value: unknown, recipe: CheckedRecipe): NdArray {
  if (!NdArray.isNdArray(value)) throw new InvalidArgumentError('"pixels" must be an NdArray [height, width, channels] or [height, width] of uint8 or uint16.');
  pixelsToEncode(value, recipe.encode.format);
  return value;
}

/** The only argument, by position or by name; a record of inputs, as servers give it, names it as well. */
function onlyValue({ args, kwargs }: Params, name: string): unknown {
  if (args.length === 1 && isRecordOf(args[0], name)) return args[0][name];
  const unknown = Object.keys(kwargs).filter((key) => key !== name);
  const given = args.length + Object.keys(kwargs).length;
  if (unknown.length > 0) throw new InvalidArgumentError(`There is no argument ${unknown.map((key) => `"${key}"`).join(", ")}; the method takes "${name}".`);
  if (given !== 1) throw new InvalidArgumentError(`The method takes 1 argument, "${name}", and was given ${given}.`);
  return args.length === 1 ? args[0] : kwargs[name];
}

function isRecordOf<Name extends string>(value: unknown, name: Name): value is Readonly<Record<Name, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).join() === name;
}
