import { defineAdapter, type Adapter, type RunnableReference, type StoredModel } from "bentoml-core";
import { imageRegistration } from "./image-container.js";
import { ImageProcessor } from "./image-processor.js";
import type { ImageRecipe } from "./image-recipe.js";
import type { RecipeDescription } from "./image-runnable.js";
import { loadSharp } from "./native-library.js";
import { prepare } from "./prepare.js";
import { checkRunnerOptions, type ImageRunnerOptions } from "./runner-options.js";
import { sharpRegistration } from "./sharp-container.js";
import { recipeOf, saveRecipe } from "./stored-recipe.js";
import { CALLS_AT_ONCE, WORKER_NICENESS } from "./worker-load.js";

/** What core and the command line need of this package. */
export const adapter: Adapter<ImageRecipe, ImageRunnerOptions, object> = defineAdapter<ImageRecipe, ImageRunnerOptions>({
  name: "bentoml-sharp-images",
  module: "bentoml-sharp-images",
  pythonModules: [],
  apiVersion: "v1",
  layouts: ["v1"],
  moduleUrl: new URL("./index.js", import.meta.url).href,
  containers: [imageRegistration, sharpRegistration],
  prepare,
  runnerOptions: ["concurrency"],
  saveOptions: [],
  runnable: recipeRunnable,
  save: saveRecipe,
  load: openRecipe,
});

/** Registers the containers of `Image` and of `sharp` instances. Idempotent; the functions of this package do it by themselves. */
export function register(): void {
  adapter.register();
}

/** @throws InvalidArgumentError for options that cannot be met, InvalidModelError for a recipe that cannot be used. */
function recipeRunnable(model: StoredModel, options: ImageRunnerOptions): RunnableReference {
  checkRunnerOptions(options);
  const params: RecipeDescription = { tag: model.tag.toString(), recipe: recipeOf(model), concurrency: options.concurrency };
  return {
    module: new URL("./image-runnable.js", import.meta.url).href,
    export: "ImageRunnable",
    params,
    methods: {
      preprocess: { maxConcurrency: CALLS_AT_ONCE, doc: `Images as one tensor, by ${params.tag}.` },
      decode: { maxConcurrency: CALLS_AT_ONCE, doc: "The pixels of an image, as the file has them." },
      encode: { maxConcurrency: CALLS_AT_ONCE, doc: `An image file of pixels, as ${params.recipe.encode.format}.` },
    },
    supportedResources: ["cpu"],
    workerNiceness: WORKER_NICENESS,
  };
}

/** The recipe in this thread. */
async function openRecipe(model: StoredModel, options: ImageRunnerOptions): Promise<ImageProcessor> {
  checkRunnerOptions(options);
  const sharp = await loadSharp();
  if (options.concurrency !== undefined) sharp.concurrency(options.concurrency);
  return new ImageProcessor(sharp, recipeOf(model));
}
