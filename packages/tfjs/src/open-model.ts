import type { NamedTensorMap } from "@tensorflow/tfjs-core";
import { InvalidModelError, isBentoMLError, type TensorSpec } from "bentoml-core";
import { onBackend, type Engine } from "./engine.js";
import { openGraphModel } from "./graph-model.js";
import { openLayersModel } from "./layers-model.js";
import type { ModelFolder } from "./model-artifacts.js";
import type { ModelLayout } from "./model-layout.js";
import { openSavedModel } from "./saved-model.js";

/** One method of an open model: of tensors by input name, tensors by output name. The engine's backend is in use meanwhile. */
export interface OpenMethod {
  /** In the model's order. */
  readonly inputs: readonly TensorSpec[];
  /** Undefined where the model says too little about an output. */
  readonly outputs: readonly TensorSpec[] | undefined;
  /** Inside of `tf.tidy`. */
  readonly execute: (inputs: NamedTensorMap) => NamedTensorMap;
  /** For graphs that `execute` refuses because of their control flow. What it gives belongs to the caller. */
  readonly executeAsync?: (inputs: NamedTensorMap) => Promise<NamedTensorMap>;
}

/** A model in this thread. */
export interface OpenModel {
  /** The framework's own object. */
  readonly native: unknown;
  readonly methods: Readonly<Record<string, OpenMethod>>;
  readonly dispose: () => void;
}

/** Files to open. */
export interface ModelToOpen {
  readonly folder: ModelFolder;
  readonly layout: ModelLayout;
  /** For messages. */
  readonly source: string;
}

const kindNames = { layers: "layers model", graph: "graph model", saved_model: "SavedModel" };

const openers = { layers: openLayersModel, graph: openGraphModel, saved_model: openSavedModel };

/**
 * Opens a model's files.
 *
 * @throws InvalidModelError when they cannot be used; MissingDependencyError when they need a package that is not there.
 */
export async function openModel(engine: Engine, model: ModelToOpen): Promise<OpenModel> {
  try {
    return await onBackend(engine, () => openers[model.layout.kind](engine, model));
  } catch (error) {
    if (isBentoMLError(error)) throw error;
    throw explainOpenError(error, model);
  }
}

const cures: readonly { readonly symptom: RegExp; readonly cure: string }[] = [
  { symptom: /Unknown layer/, cure: "Layers of your own are not known in workers: build the model from TensorFlow.js's own, or convert it to a graph model." },
  { symptom: /already registered/, cure: "Two copies of TensorFlow.js are installed, and get into each other's way: npm ls @tensorflow/tfjs-layers shows them; keep one version." },
];

function explainOpenError(error: unknown, { layout, source }: ModelToOpen): InvalidModelError {
  const text = (error instanceof Error ? error.message : String(error)).trim();
  const cure = cures.find(({ symptom }) => symptom.test(text))?.cure ?? "Its files are incomplete, damaged, or of a newer version of TensorFlow: export and save it again.";
  return new InvalidModelError(`${source} cannot be opened as a ${kindNames[layout.kind]}: ${text} ${cure}`, { cause: error });
}
