import { datatypeOf, type TensorSpec } from "bentoml-core";
import type { ModelDirectory } from "../model-directory.js";
import type { Readiness } from "../readiness.js";
import { methodOf, type ServedModel } from "../served-model.js";
import { serverVersion } from "../server-version.js";
import type { ModelSummary, ServerSummary, TensorSummary } from "./page-data.js";

/** Describes all that is served, and asks each model whether it is ready. */
export async function summarise(models: ModelDirectory, readiness: Readiness, apis: string | undefined): Promise<ServerSummary> {
  return {
    name: "bentoml",
    version: serverVersion(),
    models: await Promise.all(models.models.map((model) => summariseModel(model, models, readiness))),
    apis: apis ?? null,
    metrics: "/metrics",
  };
}

async function summariseModel(model: ServedModel, models: ModelDirectory, readiness: Readiness): Promise<ModelSummary> {
  const { maxBatchSize } = methodOf(model.runner, model.method);
  return {
    name: model.name,
    version: model.version,
    platform: model.platform,
    ready: (await readiness.whyNot([model])) === undefined,
    infer: inferPath(model, models.versionsOf(model.name)[0] === model.version),
    runner: model.runner.name,
    maxBatchSize: Number.isFinite(maxBatchSize) ? maxBatchSize : null,
    inputs: model.inputs.map(summariseTensor),
    outputs: model.outputs.map((output) => ({ ...summariseTensor(output), ...labelsOf(model, output) })),
  };
}

function inferPath({ name, version }: ServedModel, isDefault: boolean): string {
  return `/v2/models/${encodeURIComponent(name)}${isDefault ? "" : `/versions/${encodeURIComponent(version)}`}/infer`;
}

function labelsOf({ labels = {} }: ServedModel, { name }: TensorSpec): Pick<TensorSummary, "labels"> {
  const names = Object.hasOwn(labels, name) ? labels[name] : undefined;
  return names === undefined ? {} : { labels: names };
}

function summariseTensor({ name, dtype, shape }: TensorSpec): TensorSummary {
  return { name, datatype: datatypeOf[dtype], shape };
}
