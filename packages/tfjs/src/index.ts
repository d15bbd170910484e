import type { GraphModel } from "@tensorflow/tfjs-converter";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { AdapterModel, CommonSaveOptions, ModelStore, RunnerOptions, Tag } from "bentoml-core";
import type { TfjsModelSource } from "./model-source.js";
import type { ModelTypes, ModelTypesOf } from "./model-types.js";
import type { TfjsRunnerOptions } from "./runner-options.js";
import type { NativeSavedModel } from "./saved-model-engine.js";
import type { TfjsSaveOptions } from "./save-model.js";
import { adapter as tfjsAdapter } from "./tfjs-adapter.js";
import type { TfjsRunner } from "./tfjs-runner.js";

export { adapter } from "./tfjs-adapter.js";
export { modelTypeDeclaration } from "./type-declaration.js";
export { fromTensor, type TfTensor } from "./tensor.js";
export type { BackendName } from "./backend.js";
export type { BatchingChoice } from "./batching-choice.js";
export type { SavableModel, TfjsModelSource } from "./model-source.js";
export type { ModelTypes, TensorInput, TfjsArguments, TfjsResult } from "./model-types.js";
export type { TfjsRunnerOptions } from "./runner-options.js";
export type { NativeSavedModel } from "./saved-model-engine.js";
export type { TfjsSaveOptions } from "./save-model.js";
export type { ModelFacts } from "./tfjs-runnable.js";
export type { TfjsMethod, TfjsRunner } from "./tfjs-runner.js";

/**
 * Types of models by tag. Empty here: a file that `bentoml types` writes into your project merges your models into it, so that
 * `get("digits:latest").toRunner().run` has the model's own types.
 */
// An interface, since only interfaces merge.
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface Models {}

/** What `loadModel` gives: the framework's own object. */
export type LoadedModel = LayersModel | GraphModel | NativeSavedModel;

/** A stored TensorFlow.js model. */
export interface TfjsModel<Types extends ModelTypes = ModelTypes> extends Pick<AdapterModel<TfjsRunnerOptions>, "stored" | "tag" | "path" | "info" | "toRunnable"> {
  /**
   * A runner of this model, ready to be called: workers start with the first call.
   *
   * @throws InvalidArgumentError for options that cannot be met.
   */
  toRunner(options?: TfjsRunnerOptions & RunnerOptions): TfjsRunner<Types>;
  /** The same model with options for its runners; those given to `toRunner` win. */
  withOptions(options: TfjsRunnerOptions & RunnerOptions): TfjsModel<Types>;
}

/** Where to look for a model. */
export interface StoreOption {
  /** Default: the store under `$BENTOML_HOME`. */
  readonly store?: ModelStore;
}

/** Registers the container of `tf.Tensor`. Idempotent; the functions below do it by themselves. */
export function register(): void {
  tfjsAdapter.register();
}

/**
 * The model of this tag. Synchronous and cheap: loads neither model nor TensorFlow.
 *
 * @throws ModelNotFoundError, or NotFoundError when another adapter saved the model, which it names.
 */
export function get<const TagText extends string = string>(tag: TagText | Tag, options?: StoreOption): TfjsModel<ModelTypesOf<TagText>> {
  return tfjsAdapter.get(tag, options) as unknown as TfjsModel<ModelTypesOf<TagText>>;
}

/**
 * Saves a live layers or graph model, a model.json with its weights, or a folder with a model.json or a SavedModel. The model is
 * opened once, in this thread, to read its inputs and outputs.
 *
 * @param name `digits`, or `digits:v1` for a version of your own.
 * @throws MissingDependencyError without TensorFlow.js, or without tfjs-node for a SavedModel; InvalidModelError for files that are
 *   broken or cannot be run; InvalidArgumentError for options that the model does not allow; ModelExistsError for a taken tag.
 *   Nothing is left in the store then.
 */
export async function saveModel(name: Tag | string, model: TfjsModelSource, options: TfjsSaveOptions & CommonSaveOptions = {}): Promise<TfjsModel> {
  return (await tfjsAdapter.saveModel(name, model, options)) as unknown as TfjsModel;
}

/**
 * Saves a model that others made, with everything in its folder: labels and vocabularies come along.
 *
 * @throws as `saveModel`
 */
export function importModel(name: Tag | string, folderOrModelJson: string, options: TfjsSaveOptions & CommonSaveOptions = {}): Promise<TfjsModel> {
  return saveModel(name, folderOrModelJson, options);
}

/**
 * Opens a model in this thread: its `predict` blocks the thread, which is what runners are for. Dispose it when it is done with. It
 * puts no backend in use where the thread uses one already.
 *
 * @throws ModelNotFoundError, MissingDependencyError, InvalidModelError, InvalidArgumentError.
 */
export async function loadModel(tag: Tag | string | Pick<TfjsModel, "stored">, options: TfjsRunnerOptions & StoreOption = {}): Promise<LoadedModel> {
  return (await tfjsAdapter.loadModel(tag as Parameters<typeof tfjsAdapter.loadModel>[0], options)) as LoadedModel;
}
