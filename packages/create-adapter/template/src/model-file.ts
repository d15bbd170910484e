import { readFileSync, writeFileSync } from "node:fs";
import { InvalidModelError } from "bentoml-core";
import type { ScoreModel } from "./engine.js";

/** Name of the file in a model's folder of the store. */
export const MODEL_FILE = "model.json";

/** @throws InvalidModelError for what is no model. */
export function checkedModel(model: unknown): ScoreModel {
  const { weights } = (model ?? {}) as Partial<ScoreModel>;
  if (Array.isArray(weights) && weights.length > 0 && weights.every((weight) => Number.isFinite(weight))) return { weights: weights as number[] };
  throw new InvalidModelError(`A model needs "weights", one number for each column, but they are ${JSON.stringify(weights)}.`);
}

export function writeModel(path: string, model: ScoreModel): void {
  writeFileSync(path, JSON.stringify(model));
}

/** @throws InvalidModelError for a file that was changed. */
export function readModel(path: string): ScoreModel {
  return checkedModel(JSON.parse(readFileSync(path, "utf8")));
}
