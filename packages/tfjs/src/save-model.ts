import { InvalidArgumentError, type ModelDraft, type ModelSignature, type SavedFacts } from "bentoml-core";
import { decideBatching, type BatchingChoice } from "./batching-choice.js";
import { openEngine, type Engine } from "./engine.js";
import { layoutToOptions, type ModelLayout } from "./model-layout.js";
import { copyModel, type CopiedModel, type TfjsModelSource } from "./model-source.js";
import { openModel, type OpenModel } from "./open-model.js";
import { readSavedModelLayout, type SavedModelChoice } from "./saved-model.js";

/** What `saveModel` and `importModel` take beside labels, metadata and the store. `tags` and `signature` are for SavedModels. */
export interface TfjsSaveOptions extends SavedModelChoice {
  /** How calls are batched, by method: `{ run: { batchable: false } }`. Default: read from the model. */
  readonly signatures?: Readonly<Record<string, BatchingChoice>>;
}

/** Of the file layout. */
const apiVersion = "v1";

/**
 * Writes the model's files into the draft, opens it in this thread and reads its methods, inputs and outputs.
 *
 * @throws InvalidArgumentError, InvalidModelError, MissingDependencyError.
 */
export async function saveTfjsModel(draft: ModelDraft, source: TfjsModelSource, options: TfjsSaveOptions): Promise<SavedFacts> {
  const copied = await copyModel(source, draft);
  const layout = await layoutOf(copied, draft, options);
  const { engine } = await openEngine(layout.kind === "saved_model" ? "tensorflow" : undefined);
  const open = await openModel(engine, { folder: draft, layout, source: copied.source });
  try {
    return factsOf(open, engine, layout, copied, options);
  } finally {
    open.dispose();
  }
}

async function layoutOf({ kind, source }: CopiedModel, draft: ModelDraft, { tags, signature }: TfjsSaveOptions): Promise<ModelLayout> {
  if (kind === "saved_model") {
    return readSavedModelLayout(draft.path, { ...(tags === undefined ? {} : { tags }), ...(signature === undefined ? {} : { signature }) }, source);
  }
  const given = tags !== undefined ? "tags" : signature !== undefined ? "signature" : undefined;
  if (given === undefined) return { kind };
  throw new InvalidArgumentError(`The option ${given} chooses among the graphs and signatures of a SavedModel, but ${source} is a ${kind} model: leave it out.`);
}

function checkedChoice(choice: BatchingChoice = {}, method: string): BatchingChoice {
  const unknown = Object.keys(choice).find((field) => field !== "batchable" && field !== "batchDim");
  if (unknown === undefined) return choice;
  throw new InvalidArgumentError(`signatures.${method} has no field "${unknown}": it has batchable and batchDim.`);
}

function factsOf(open: OpenModel, engine: Engine, layout: ModelLayout, { source }: CopiedModel, { signatures = {} }: TfjsSaveOptions): SavedFacts {
  const names = Object.keys(open.methods);
  const unknown = Object.keys(signatures).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new InvalidArgumentError(`signatures names "${unknown}", but the methods of ${source} are: ${names.join(", ")}.`);
  const methods = Object.entries(open.methods).map(([name, method]): [string, ModelSignature] => {
    const { inputs, outputs } = method;
    const batching = decideBatching(checkedChoice(signatures[name], name), method, names.length === 1 ? source : `${name} of ${source}`);
    return [name, { ...batching, inputSpec: inputs, ...(outputs === undefined ? {} : { outputSpec: outputs }) }];
  });
  return {
    signatures: Object.fromEntries(methods),
    options: layoutToOptions(layout),
    frameworkName: layout.kind === "saved_model" ? "tensorflow" : "tensorflowjs",
    frameworkVersions: { "@tensorflow/tfjs-core": engine.version },
    apiVersion,
  };
}
