import { readFileSync } from "node:fs";
import { InvalidModelError, MissingDependencyError } from "bentoml-core";

/** What the reference adapter saves and runs: each output is a sum of inputs times factors, float32 ["batch", 4] all. */
export interface LinearModel {
  readonly inputs: readonly string[];
  /** By output, then by input. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export const WIDTH = 4;
export const MODEL_FILE = "linear.json";

/** @throws InvalidModelError for what is no linear model. */
export function checkedModel(model: LinearModel): LinearModel {
  if (Array.isArray(model.inputs) && Object.keys(model.outputs).length > 0) return model;
  throw new InvalidModelError(`A linear model needs "inputs" and "outputs", but this one is ${JSON.stringify(model)}.`);
}

export function readModel(path: string): LinearModel {
  return checkedModel(JSON.parse(readFileSync(path, "utf8")) as LinearModel);
}

/** The engine, loaded on first use. */
export async function loadEngine(): Promise<typeof import("linear-engine")> {
  try {
    return await import("linear-engine");
  } catch (cause) {
    throw new MissingDependencyError("Linear models need the package linear-engine, which is not installed: npm i linear-engine.", { cause });
  }
}
