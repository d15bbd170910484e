import type { AnyRunner, TensorSpec } from "bentoml-core";
import type { ApiServer } from "./api-server.js";
import type { ModelToServe } from "./open-models.js";

/** What workers say of themselves when they are started. */
export interface RunnerFacts {
  readonly workers: number;
  readonly threads?: number;
  readonly spinning?: boolean;
}

/** A runner as the terminal shows it. */
export interface RunnerDescription {
  readonly name: string;
  /** Undefined: no batching. */
  readonly maxBatchSize: number | undefined;
  /** The server that it runs on, if the user has named one. */
  readonly url: string | undefined;
  /** Undefined while it is not known. */
  readonly facts: RunnerFacts | undefined;
}

/** A model as the terminal shows it. */
export interface ModelDescription {
  readonly name: string;
  readonly version: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly runner: RunnerDescription;
}

/** What is served, as the terminal shows it: plain data, which one process can send to another. */
export interface ServedDescription {
  readonly models: readonly ModelDescription[];
  readonly service: { readonly name: string; readonly paths: readonly string[]; readonly mounts: readonly string[]; readonly runners: readonly RunnerDescription[] } | undefined;
}

export function describe({ application, places }: ApiServer): ServedDescription {
  const { models, service, runners } = application;
  const describeOne = (runner: AnyRunner, method: string | undefined): RunnerDescription => {
    const url = places.isElsewhere(runner) ? String(places.of(runner)?.url) : undefined;
    return { name: runner.name, maxBatchSize: maxBatchSize(runner, method), url, facts: places.of(runner) === undefined ? factsOf(runner) : undefined };
  };
  return {
    models: models.map((model) => describeModel(model, describeOne(model.runner, model.served.method))),
    service: service && { name: service.name, paths: service.apis.map(({ path }) => path), mounts: service.mounts.map(({ path }) => path), runners: runners.map((runner) => describeOne(runner, undefined)) },
  };
}

/** What a runner that runs in this process says of its workers. */
export function factsOf(runner: AnyRunner): RunnerFacts {
  const { threads, spinning } = runner.facts;
  return {
    workers: runner.stats().workers.alive,
    ...(typeof threads === "number" ? { threads } : {}),
    ...(spinning === true ? { spinning } : {}),
  };
}

function describeModel({ served: { name, version, inputs, outputs } }: ModelToServe, runner: RunnerDescription): ModelDescription {
  return { name, version, inputs, outputs, runner };
}

/** Of one method, or the largest of all. */
function maxBatchSize(runner: AnyRunner, method: string | undefined): number | undefined {
  const methods = method === undefined ? Object.values(runner.methods) : [runner.methods[method]].filter((found) => found !== undefined);
  const sizes = methods.filter(({ config }) => config.batchable).map((each) => each.maxBatchSize);
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}
