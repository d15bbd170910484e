import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { BentoMLError, InvalidModelError, type ModelDraft, type ModelSignature, type SavedFacts, type StoredModel } from "bentoml-core";
import { checkRecipe } from "./check-recipe.js";
import type { CheckedRecipe, ImageRecipe } from "./image-recipe.js";

const recipeFile = "recipe.json";

/** Version of the layout of a model's files. */
const apiVersion = "v1";

const recipes = new WeakMap<StoredModel, CheckedRecipe>();

/**
 * Writes the recipe as the user gave it: what was left out gets its default when it is read.
 *
 * @throws InvalidArgumentError for a recipe that cannot be used.
 */
export async function saveRecipe(draft: ModelDraft, recipe: ImageRecipe): Promise<SavedFacts> {
  const checked = checkRecipe(recipe);
  await writeFile(draft.pathOf(recipeFile), `${JSON.stringify(recipe, undefined, 2)}\n`);
  return { signatures: signaturesOf(checked), frameworkName: "sharp", frameworkVersions: {}, apiVersion };
}

/** @throws InvalidModelError when the file is missing or its recipe cannot be used. */
export function recipeOf(model: StoredModel): CheckedRecipe {
  let recipe = recipes.get(model);
  if (recipe === undefined) {
    recipe = readRecipe(model);
    recipes.set(model, recipe);
  }
  return recipe;
}

function readRecipe(model: StoredModel): CheckedRecipe {
  const path = model.pathOf(recipeFile);
  try {
    return checkRecipe(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    const reason = cause instanceof BentoMLError || cause instanceof Error ? cause.message : String(cause);
    throw new InvalidModelError(`${model.tag.toString()} has no usable recipe in ${path}: ${reason} Save it again, or install the version that saved it.`, { cause });
  }
}

function signaturesOf(recipe: CheckedRecipe): Record<"preprocess" | "decode" | "encode", ModelSignature> {
  const alone = { batchable: false, batchDim: [0, 0] } as const;
  const file = { name: "image", dtype: "uint8", shape: [-1] } as const;
  const pixels = { name: "pixels", dtype: "uint8", shape: ["height", "width", "channels"] } as const;
  return {
    preprocess: { ...alone, inputSpec: [file], outputSpec: [{ name: "tensor", dtype: recipe.dtype, shape: tensorShape(recipe) }] },
    decode: { ...alone, inputSpec: [file], outputSpec: [pixels] },
    encode: { ...alone, inputSpec: [pixels], outputSpec: [file] },
  };
}

/** Of what `preprocess` gives; a name for what depends on the image. */
function tensorShape({ channels, layout, resize, crop }: CheckedRecipe): (number | string)[] {
  const size = crop ?? (resize !== undefined && "width" in resize ? resize : undefined);
  const [height, width] = [size?.height ?? "height", size?.width ?? "width"];
  return layout === "NCHW" ? ["batch", channels, height, width] : ["batch", height, width, channels];
}
