import { defineAdapter, type Adapter, type RunnableReference, type StoredModel } from "bentoml-core";
import { frameRegistration } from "./data-frame-container.js";
import { prepare } from "./prepare.js";
import { seriesRegistration } from "./series-container.js";
import { pipelineOf, savePipeline } from "./stored-pipeline.js";
import type { PipelineDescription } from "./transform-runnable.js";
import type { FittedPipeline } from "./transforms/fitted-pipeline.js";

/** What core and the command line need of this package. */
export const adapter: Adapter<FittedPipeline, object, object> = defineAdapter<FittedPipeline>({
  name: "bentoml-danfo-dataframes",
  module: "bentoml-danfo-dataframes",
  pythonModules: [],
  apiVersion: "v1",
  layouts: ["v1"],
  moduleUrl: new URL("./index.js", import.meta.url).href,
  containers: [frameRegistration, seriesRegistration],
  prepare,
  saveOptions: [],
  runnable: pipelineRunnable,
  save: savePipeline,
  load: (model) => Promise.resolve(pipelineOf(model)),
});

/** Registers the containers of frames and series. Idempotent; the functions of this package do it by themselves. */
export function register(): void {
  adapter.register();
}

/** @throws InvalidModelError for a pipeline that cannot be used. */
function pipelineRunnable(model: StoredModel): RunnableReference {
  const params: PipelineDescription = { fitted: pipelineOf(model).fitted };
  return {
    module: new URL("./transform-runnable.js", import.meta.url).href,
    export: "TransformRunnable",
    params,
    methods: { transform: { batchable: true, batchDim: [0, 0], doc: `Rows as the steps of ${model.tag.toString()} make them.` } },
    supportedResources: ["cpu"],
  };
}
