import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError, ModelStore, defineAdapter, type Adapter, type RunnableReference, type StoredModel } from "bentoml-core";
import type { CalibrationPlan } from "./calibrate-session.js";
import { checkBatching, checkPadding } from "./batch-dimension.js";
import type { OnnxModelSource } from "./copy-model.js";
import { describeGraph } from "./graph-description.js";
import { loadOnnxRuntime } from "./native-library.js";
import { inputSide, modelFileName, outputSpecs } from "./onnx-signature.js";
import type { SessionDescription } from "./onnx-session.js";
import { openSession } from "./open-session.js";
import { ortTensorRegistration } from "./ort-tensor-container.js";
import { prepare } from "./prepare.js";
import { checkRunnerOptions, onlyRunnerOptions, type OnnxRunnerOptions } from "./runner-options.js";
import { saveOnnxModel, type OnnxSaveOptions } from "./save-model.js";
import { providerNames, threadCandidates } from "./session-options.js";
import { modelFolderBytes } from "./warm-up.js";

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
  layouts: ["v1", "v2"],
  moduleUrl: new URL("./index.js", import.meta.url).href,
  containers: [ortTensorRegistration],
  prepare,
  runnerOptions: ["executionProviders", "intraOpNumThreads", "spinning", "calibrate", "outputs", "padTo", "shareWeights", "sessionOptions"],
  saveOptions: ["signatures", "outputs", "externalWeights"],
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
  const { padTo } = options;
  if (padTo === undefined) checkBatching({ batchable, batchDim }, { inputs, outputs }, tag);
  else checkPadding(padTo, batchDim, { inputs, outputs }, tag);
  if (options.shareWeights === true) checkWeightsAreApart(model);
  const params: SessionDescription = {
    path: model.pathOf(modelFileName),
    tag,
    inputs,
    outputs: outputs.map((output) => output.name),
    options: onlyRunnerOptions(options),
    batchDim: batchDim[0],
    calibration: calibrationPlan(model, options),
    ...(padTo === undefined ? {} : { padding: { rows: padTo, batchDim } }),
  };
  const batching = padTo === undefined ? { batchable } : { batchable: true, maxBatchSize: padTo };
  return {
    module: new URL("./onnx-runnable.js", import.meta.url).href,
    export: "OnnxRunnable",
    params,
    methods: { run: { ...batching, batchDim, doc: `Runs ${tag}.` } },
    supportedResources: runsOnNvidia(options) ? ["nvidia.com/gpu", "cpu"] : ["cpu"],
    supportsCpuMultiThreading: true,
  };
}

function calibrationPlan(model: StoredModel, { calibrate = false }: OnnxRunnerOptions): CalibrationPlan {
  const digest = createHash("sha256").update(JSON.stringify(model.info.files ?? filesOf(model))).digest("hex");
  const plan = { folder: join(ModelStore.default().root, "cache", "bentoml-onnx"), model: digest, measure: calibrate !== false };
  return calibrate === "anew" ? { ...plan, notBefore: Date.now() } : plan;
}

/** Files that a model.yaml gives no checksums of are told by their sizes and times. */
function filesOf(model: StoredModel): object {
  const path = model.pathOf(modelFileName);
  return { path: model.path, bytes: modelFolderBytes(path), mtimeMs: statSync(path, { throwIfNoEntry: false })?.mtimeMs };
}

function checkWeightsAreApart(model: StoredModel): void {
  const tag = model.tag.toString();
  if (describeGraph(model.pathOf(modelFileName), tag).externalFiles.length > 0) return;
  throw new InvalidArgumentError(
    `shareWeights is true, but ${tag} keeps its weights in its own file, where workers cannot share them: ` +
      "save it with saveModel(name, path, { externalWeights: true }).",
  );
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
