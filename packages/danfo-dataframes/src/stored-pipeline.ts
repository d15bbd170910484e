import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { InvalidModelError, type ModelDraft, type ModelSignature, type SavedFacts, type StoredModel, type TensorSpec } from "bentoml-core";
import { FittedPipeline, checkFittedPipeline } from "./transforms/fitted-pipeline.js";
import type { InputKind } from "./transforms/input-columns.js";

const pipelineFile = "pipeline.json";

/** Version of the layout of a model's files. */
const apiVersion = "v1";

const pipelines = new WeakMap<StoredModel, FittedPipeline>();

/** @throws InvalidArgumentError for what is no fitted pipeline. */
export async function savePipeline(draft: ModelDraft, native: FittedPipeline): Promise<SavedFacts> {
  const pipeline = checkFittedPipeline(native);
  await writeFile(draft.pathOf(pipelineFile), `${JSON.stringify(pipeline, undefined, 2)}\n`);
  return { signatures: { transform: signatureOf(pipeline) }, frameworkName: "danfo", frameworkVersions: {}, apiVersion };
}

/** @throws InvalidModelError when the file is missing or its pipeline cannot be used. */
export function pipelineOf(model: StoredModel): FittedPipeline {
  let pipeline = pipelines.get(model);
  if (pipeline === undefined) {
    pipeline = readPipeline(model);
    pipelines.set(model, pipeline);
  }
  return pipeline;
}

function readPipeline(model: StoredModel): FittedPipeline {
  const path = model.pathOf(pipelineFile);
  try {
    return FittedPipeline.fromJSON(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidModelError(`${model.tag.toString()} has no usable pipeline in ${path}: ${reason} Save it again, or install the version that saved it.`, { cause });
  }
}

const dtypesOfKinds = { number: "float64", bool: "bool", string: "string" } as const satisfies Partial<Record<InputKind, TensorSpec["dtype"]>>;

/** A tensor for each column, so that servers can take columns one by one; dates and frames are no tensors. */
function signatureOf({ fitted: { inputs, output, columns } }: FittedPipeline): ModelSignature {
  const inputSpec = inputs.map(({ name, kind }) => (kind === "datetime" ? undefined : ({ name, dtype: dtypesOfKinds[kind], shape: ["batch"] } satisfies TensorSpec)));
  const isTensors = inputSpec.every((spec) => spec !== undefined);
  return {
    batchable: true,
    batchDim: [0, 0],
    ...(isTensors ? { inputSpec } : {}),
    ...(output === "dataframe" ? {} : { outputSpec: [{ name: "features", dtype: output, shape: ["batch", columns.length] }] }),
  };
}
