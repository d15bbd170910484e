import type { AdapterModel, CommonSaveOptions, ModelStore, NdArray, RunnerMethod, RunnerOptions, Tag, TypedRunner } from "bentoml-core";
import type { Image } from "./image.js";
import type { ImageInput } from "./image-input.js";
import type { ImageProcessor } from "./image-processor.js";
import type { ImageRecipe } from "./image-recipe.js";
import type { ImageRunnerOptions } from "./runner-options.js";
import { adapter as sharpAdapter } from "./sharp-adapter.js";

export { Image, type EncodedImage, type LoadedImage, type PixelImage } from "./image.js";
export { imageFormats, type ImageFormat } from "./image-format.js";
export type { ImageInput } from "./image-input.js";
export type { ImageProcessor } from "./image-processor.js";
export type { CheckedRecipe, CheckedResize, EncodeRecipe, ImageLimits, ImageRecipe, ResizeKernel, ResizeRecipe } from "./image-recipe.js";
export type { SharpFacts } from "./image-runnable.js";
export type { ImageRunnerOptions } from "./runner-options.js";
export { adapter, register } from "./sharp-adapter.js";
export type { SharpInstance } from "./sharp-instance.js";

/** A runner of a recipe. */
export type ImageRunner = TypedRunner<{
  /** One image, or a list of images that come out in one size: a tensor [images, channels, height, width], or with channels last. */
  readonly preprocess: RunnerMethod<readonly [image: ImageInput | readonly ImageInput[]], NdArray>;
  /** The pixels as the file has them: [height, width, channels], or with the frames first where the recipe takes all. */
  readonly decode: RunnerMethod<readonly [image: ImageInput], NdArray<"uint8"> | NdArray<"uint16">>;
  /** Pixels [height, width, channels] or [height, width] as a file in the format of the recipe's `encode`. */
  readonly encode: RunnerMethod<readonly [pixels: NdArray], Image>;
}>;

/** A stored recipe. */
export interface ImageModel extends Pick<AdapterModel<ImageRunnerOptions>, "stored" | "tag" | "path" | "info" | "toRunnable"> {
  /**
   * A runner of this recipe, ready to be called: workers start with the first call.
   *
   * @throws InvalidArgumentError for options that cannot be met, InvalidModelError for a recipe that cannot be used.
   */
  toRunner(options?: ImageRunnerOptions & RunnerOptions): ImageRunner;
  /** The same recipe with options for its runners; those given to `toRunner` win. */
  withOptions(options: ImageRunnerOptions & RunnerOptions): ImageModel;
}

/** Where to look for a recipe. */
export interface StoreOption {
  /** Default: the store under `$BENTOML_HOME`. */
  readonly store?: ModelStore;
}

/**
 * The recipe of this tag. Synchronous and cheap: loads no native code.
 *
 * @throws ModelNotFoundError, or NotFoundError when another adapter saved the model, which it names.
 */
export function get(tag: Tag | string, options?: StoreOption): ImageModel {
  return sharpAdapter.get(tag, options) as unknown as ImageModel;
}

/**
 * Saves a recipe as a model. Needs no sharp.
 *
 * @param name `imagenet-224`, or `imagenet-224:v1` for a version of your own.
 * @throws InvalidArgumentError that names the field's path, its value and what is allowed; ModelExistsError for a taken tag.
 *   Nothing is left in the store then.
 */
export async function saveModel(name: Tag | string, recipe: ImageRecipe, options: CommonSaveOptions = {}): Promise<ImageModel> {
  return (await sharpAdapter.saveModel(name, recipe, options)) as unknown as ImageModel;
}

/**
 * The recipe at work in this thread, without a runner: sharp works in other threads, but the pass over the values is made here.
 *
 * @throws ModelNotFoundError, MissingDependencyError, InvalidModelError, InvalidArgumentError.
 */
export async function loadModel(tag: Tag | string | Pick<ImageModel, "stored">, options: ImageRunnerOptions & StoreOption = {}): Promise<ImageProcessor> {
  return (await sharpAdapter.loadModel(tag as Parameters<typeof sharpAdapter.loadModel>[0], options)) as ImageProcessor;
}
