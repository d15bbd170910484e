import type { StoredModel } from "bentoml-core";
import { servedModel, type ServableRunner, type ServedModel } from "../served-model.js";

/** A runner that tells what it runs. Those of bentoml-core do. */
type RunnerOfModels = ServableRunner & { readonly models?: readonly StoredModel[] };

/**
 * The runners' methods whose inputs are known, as models: one that is the only one has the runner's name, of several each has its
 * own behind it, `name.method`.
 */
export function modelsOfRunners(runners: readonly RunnerOfModels[]): readonly ServedModel[] {
  return runners.flatMap((runner) => {
    const [model] = runner.models ?? [];
    if (model === undefined) return [];
    const methods = Object.keys(runner.methods).filter((method) => (model.info.signatures[method]?.inputSpec ?? []).length > 0);
    return methods.map((method) => servedModel(model, runner, { method, name: methods.length === 1 ? runner.name : `${runner.name}.${method}` }));
  });
}
