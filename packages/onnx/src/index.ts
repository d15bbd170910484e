import type { AdapterModel, CommonSaveOptions, ModelStore, RunnerOptions, Tag } from "bentoml-core";
import type { InferenceSession } from "onnxruntime-node";
import type { OnnxModelSource } from "./copy-model.js";
import type { ModelTypes, ModelTypesOf, OnnxRunner } from "./model-types.js";
import { onnxAdapter } from "./onnx-adapter.js";
import type { OnnxRunnerOptions } from "./runner-options.js";
import type { OnnxSaveOptions } from "./save-model.js";
import { modelTypeDeclaration } from "./type-declaration.js";

export { calibrate } from "./calibrate-model.js";
export { modelTypeDeclaration } from "./type-declaration.js";
export type { OnnxModelSource } from "./copy-model.js";
export type { OrtTensor } from "./engine-tensor.js";
export type { ModelTypes, OnnxRunner, RunArguments, RunResult, TensorInput } from "./model-types.js";
export type { SessionFacts } from "./onnx-session.js";
export type { OnnxRunnerOptions } from "./runner-options.js";
export type { OnnxSaveOptions } from "./save-model.js";
export type { BatchingChoice } from "./batch-dimension.js";

/**
 * Types of models by tag. Empty here: a file that `bentoml types` writes into your project merges your models into it,
 * so that `get("digits:latest").toRunner().run` has the model's own types.
 */
// An interface, since only interfaces merge.
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface Models {}

/** A stored ONNX model. */
export interface OnnxModel<Types extends ModelTypes = ModelTypes>
  extends Pick<AdapterModel<OnnxRunnerOptions>, "stored" | "tag" | "path" | "info" | "toRunnable"> {
  /**
   * A runner of this model, ready to be called: workers start with the first call.
   *
   * @throws InvalidArgumentError for options that cannot be met, or a batchable signature on a fixed batch dimension.
   */
  toRunner(options: OnnxRunnerOptions & RunnerOptions & { readonly outputs: readonly string[] }): OnnxRunner;
  toRunner(options?: OnnxRunnerOptions & RunnerOptions): OnnxRunner<Types>;
  /** The same model with options for its runners; those given to `toRunner` win. */
  withOptions(options: OnnxRunnerOptions & RunnerOptions & { readonly outputs: readonly string[] }): OnnxModel;
  withOptions(options: OnnxRunnerOptions & RunnerOptions): OnnxModel<Types>;
}

/** Where to look for a model. */
export interface StoreOption {
  /** Default: the store under `$BENTOML_HOME`. */
  readonly store?: ModelStore;
}

/** The adapter as core and the command line know it. */
export const adapter: typeof onnxAdapter & { readonly typeDeclaration: typeof modelTypeDeclaration } = /* @__PURE__ */ Object.assign(
  {},
  onnxAdapter,
  { typeDeclaration: modelTypeDeclaration },
);

/** Registers the container of `ort.Tensor`. Idempotent; the functions below do it by themselves. */
export function register(): void {
  onnxAdapter.register();
}

/**
 * The ONNX model of this tag, saved here or by Python BentoML. Synchronous and cheap: loads neither model nor engine.
 *
 * @throws ModelNotFoundError, or NotFoundError when another adapter saved the model, which it names.
 */
export function get<const TagText extends string = string>(
  tag: TagText | Tag,
  options?: StoreOption,
): OnnxModel<ModelTypesOf<TagText>> {
  return onnxAdapter.get(tag, options) as unknown as OnnxModel<ModelTypesOf<TagText>>;
}

/**
 * Saves an ONNX model: a path (with the external weights that the file names) or the file's bytes. The engine opens it
 * to read its inputs and outputs; that blocks this thread, for seconds where the model is big.
 *
 * @param name `digits`, or `digits:v1` for a version of your own.
 * @throws MissingDependencyError without onnxruntime-node; InvalidModelError for a file that is broken or gives what the
 *   engine cannot return; InvalidArgumentError for options that the graph does not allow; ModelExistsError for a taken tag.
 *   Nothing is left in the store then.
 */
export async function saveModel(
  name: Tag | string,
  model: OnnxModelSource,
  options: OnnxSaveOptions & CommonSaveOptions = {},
): Promise<OnnxModel> {
  return (await onnxAdapter.saveModel(name, model, options)) as unknown as OnnxModel;
}

/**
 * Saves a model that others made, with everything that belongs to it: a folder with one .onnx file at its top (labels,
 * tokenizers and external weights come along), or an .onnx file with the external weights that it names.
 *
 * @throws as `saveModel`
 */
export function importModel(
  name: Tag | string,
  folderOrFile: string,
  options: OnnxSaveOptions & CommonSaveOptions = {},
): Promise<OnnxModel> {
  return saveModel(name, folderOrFile, options);
}

/**
 * Opens a model with the engine in this thread: its `run` blocks the thread, which is what runners are for.
 *
 * @throws ModelNotFoundError, MissingDependencyError, InvalidModelError, InvalidArgumentError.
 */
export async function loadModel(
  tag: Tag | string | Pick<OnnxModel, "stored">,
  options: OnnxRunnerOptions & StoreOption = {},
): Promise<InferenceSession> {
  const model = tag as Parameters<typeof onnxAdapter.loadModel>[0];
  return (await onnxAdapter.loadModel(model, options)) as InferenceSession;
}
