import { availableParallelism } from "node:os";
import { defineAdapter, type Adapter, type RunnableReference, type StoredModel } from "bentoml-core";
import { checkBatching } from "./batch-dimension.js";
import type { OnnxModelSource } from "./copy-model.js";
import { loadOnnxRuntime } from "./native-library.js";
import { inputSide, modelFileName, outputSpecs } from "./onnx-signature.js";
import type { SessionDescription } from "./onnx-session.js";
import { openSession } from "./open-session.js";
import { ortTensorRegistration } from "./ort-tensor-container.js";
import { prepare } from "./prepare.js";
import { checkRunnerOptions, onlyRunnerOptions, type OnnxRunnerOptions } from "./runner-options.js";
import { saveOnnxModel, type OnnxSaveOptions } from "./save-model.js";
import { providerNames, threadCandidates } from "./session-options.js";

/** What core and the command line need of this package. */
export const onnxAdapter: Adapter<OnnxModelSource, OnnxRunnerOptions, OnnxSaveOptions> = defineAdapter<
  OnnxModelSource,
  OnnxRunnerOptions,
  OnnxSaveOptions
>({
  name: "bentoml-onnx",
  module: "bentoml.onnx",
  pythonModules: ["bentoml.onnx"],
  apiVersion: "v1",
  moduleUrl: new URL("./index.js", import.meta.url).href,
  containers: [ortTensorRegistration],
  prepare,
  runnerOptions: ["executionProviders", "intraOpNumThreads", "spinning", "outputs", "sessionOptions"],
  runnable: onnxRunnable,
  save: saveOnnxModel,
  load: loadSession,
});

/** @throws InvalidArgumentError for options that cannot be met, or a batchable signature on a fixed dimension. */
function onnxRunnable(model: StoredModel, options: OnnxRunnerOptions): RunnableReference {
  checkRunnerOptions(options);
  const { inputs, batchable, batchDim } = inputSide(model);
  const outputs = outputSpecs(model, options.outputs);
  const tag = model.tag.toString();
  checkBatching({ batchable, batchDim }, { inputs, outputs }, tag);
  const params: SessionDescription = {
    path: model.pathOf(modelFileName),
    tag,
    inputs,
    outputs: outputs.map((output) => output.name),
    options: onlyRunnerOptions(options),
  };
  return {
    module: new URL("./onnx-runnable.js", import.meta.url).href,
    export: "OnnxRunnable",
    params,
    methods: { run: { batchable, batchDim, doc: `Runs ${tag}.` } },
    supportedResources: runsOnNvidia(options) ? ["nvidia.com/gpu", "cpu"] : ["cpu"],
    supportsCpuMultiThreading: true,
  };
}

/** Engines that were not asked for leave the GPUs alone, and then their number must not decide that of the workers. */
function runsOnNvidia(options: OnnxRunnerOptions): boolean {
  return providerNames(options).some((name) => /cuda|tensorrt/i.test(name));
}

/** The engine's own session, in this thread, on all its cores. */
async function loadSession(model: StoredModel, options: OnnxRunnerOptions): Promise<unknown> {
  checkRunnerOptions(options);
  const { full } = threadCandidates(options, availableParallelism());
  return openSession(await loadOnnxRuntime(), model.pathOf(modelFileName), options, full);
}
