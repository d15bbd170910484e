import { defineAdapter, InvalidArgumentError, type Adapter, type RunnableReference, type StoredModel } from "bentoml-core";
import type { BackendName } from "./backend.js";
import { openEngine } from "./engine.js";
import { layoutOf, type ModelLayout } from "./model-layout.js";
import type { TfjsModelSource } from "./model-source.js";
import { hasNativePart, isForGpus } from "./native-backend.js";
import { openModel } from "./open-model.js";
import { prepare } from "./prepare.js";
import { checkRunnerOptions, type TfjsRunnerOptions } from "./runner-options.js";
import { saveTfjsModel, type TfjsSaveOptions } from "./save-model.js";
import { tensorRegistration } from "./tensor-container.js";
import type { ModelDescription } from "./tfjs-runnable.js";

/** What core and the command line need of this package. */
export const adapter: Adapter<TfjsModelSource, TfjsRunnerOptions, TfjsSaveOptions> = defineAdapter<TfjsModelSource, TfjsRunnerOptions, TfjsSaveOptions>({
  name: "bentoml-tfjs",
  module: "bentoml-tfjs",
  pythonModules: [],
  apiVersion: "v1",
  layouts: ["v1"],
  moduleUrl: new URL("./index.js", import.meta.url).href,
  containers: [tensorRegistration],
  prepare,
  runnerOptions: ["backend"],
  saveOptions: ["signatures", "tags", "signature"],
  runnable: tfjsRunnable,
  save: saveTfjsModel,
  load: loadNative,
});

/** @throws InvalidArgumentError for options that cannot be met; InvalidModelError for a model.yaml that says too little. */
function tfjsRunnable(model: StoredModel, options: TfjsRunnerOptions): RunnableReference {
  const { signatures } = model.info;
  const tag = model.tag.toString();
  const layout = layoutOf(model);
  const backend = backendFor(layout, options, tag);
  const params: ModelDescription = { path: model.path, tag, layout, methods: Object.keys(signatures), ...(backend === undefined ? {} : { backend }) };
  const methods = Object.entries(signatures).map(([name, { batchable, batchDim }]) => [name, { batchable, batchDim, doc: `Runs ${name === "run" ? "" : `${name} of `}${tag}.` }]);
  const isNative = backend === "tensorflow" || (backend === undefined && hasNativePart());
  return {
    module: new URL("./tfjs-runnable.js", import.meta.url).href,
    export: "TfjsRunnable",
    params,
    methods: Object.fromEntries(methods) as RunnableReference["methods"],
    // TensorFlow's library uses all cores by itself; WebAssembly and JavaScript use one, so there is a worker for each.
    supportsCpuMultiThreading: isNative,
    supportedResources: isNative && isForGpus() ? ["nvidia.com/gpu", "cpu"] : ["cpu"],
  };
}

/** The framework's own object in this thread: a LayersModel, a GraphModel, or tfjs-node's TFSavedModel of the method `run`. */
async function loadNative(model: StoredModel, options: TfjsRunnerOptions): Promise<unknown> {
  const source = model.tag.toString();
  const layout = onlyRun(layoutOf(model));
  const { engine } = await openEngine(backendFor(layout, options, source));
  const { native } = await openModel(engine, { folder: model, layout, source });
  return native;
}

/** @throws InvalidArgumentError for a backend that there is not, or that cannot run the model. */
function backendFor({ kind }: ModelLayout, options: TfjsRunnerOptions, source: string): BackendName | undefined {
  checkRunnerOptions(options);
  const { backend } = options;
  if (kind !== "saved_model") return backend;
  if (backend === undefined || backend === "tensorflow") return "tensorflow";
  throw new InvalidArgumentError(
    `${source} is a SavedModel, which the backend "${backend}" cannot run: leave the option backend out, and install @tensorflow/tfjs-node. A graph model, made by Python's tensorflowjs_converter, runs on every backend.`,
  );
}

function onlyRun(layout: ModelLayout): ModelLayout {
  const { signatures } = layout;
  return signatures?.["run"] === undefined ? layout : { ...layout, signatures: { run: signatures["run"] } };
}
