import { InvalidArgumentError, ModelStore, type AnyRunner, type RunnerOptions } from "bentoml-core";
import type { Service } from "bentoml-server";
import { openModels, type ModelToServe } from "./open-models.js";
import type { ApplicationSource } from "./serve-options.js";
import { loadService } from "../services/load-service.js";

/** What is served: models of the store, each by itself, or a service with its runners. No worker is started. */
export interface Application {
  readonly models: readonly ModelToServe[];
  readonly service: Service | undefined;
  /** Those of the models, or of the service. */
  readonly runners: readonly AnyRunner[];
}

/** @param options go to the runners of models; those of a service have their own. */
export async function loadApplication(source: ApplicationSource, options: RunnerOptions, workingFolder: string): Promise<Application> {
  if (source.kind === "service") {
    const service = await loadService(source.file, source.exportName, workingFolder);
    return { models: [], service, runners: service.runners.map(asRunner) };
  }
  const models = await openModels(source.tags, new ModelStore(source.storeRoot), options, workingFolder);
  return { models, service: undefined, runners: models.map(({ runner }) => runner) };
}

/** @throws InvalidArgumentError when there is none of that name. */
export function runnerOf({ runners }: Application, name: string): AnyRunner {
  const runner = runners.find((candidate) => candidate.name === name);
  if (runner !== undefined) return runner;
  throw new InvalidArgumentError(`There is no runner "${name}" here, the runners are: ${runners.map((each) => each.name).join(", ") || "none"}.`);
}

/** A service tells of its runners no more than every server needs; they can be placed as well. */
function asRunner(runner: object): AnyRunner {
  return runner as AnyRunner;
}
