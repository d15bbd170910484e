import { constants } from "node:fs";
import { copyFile, cp, mkdir, readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { io } from "@tensorflow/tfjs-core";
import { InvalidArgumentError, InvalidModelError, type ModelDraft } from "bentoml-core";
import { folderWriter, modelJsonName, readModelJson, weightFiles, type ModelFolder, type ModelJson } from "./model-artifacts.js";
import type { ModelKind } from "./model-layout.js";

/** A live layers or graph model of TensorFlow.js, of whatever copy of the library. */
export interface SavableModel {
  /** Hands the model's artefacts to the handler. */
  save(handler: io.IOHandler): Promise<unknown>;
}

/** A live model, the path of a model.json, or a folder with a model.json or a saved_model.pb. */
export type TfjsModelSource = SavableModel | string;

/** A model whose files are in the draft. */
export interface CopiedModel {
  readonly kind: ModelKind;
  /** How messages name the model. */
  readonly source: string;
}

const savedModelName = "saved_model.pb";

/** The file that the store itself writes into a model's folder. */
const storeFileName = "model.yaml";

/**
 * Writes a live model into a draft, or copies the files of one: of a model.json those that it names, of a folder all but hidden ones.
 *
 * @throws InvalidArgumentError for what is no model or cannot be told; InvalidModelError when files are missing or broken.
 */
export async function copyModel(source: TfjsModelSource, draft: ModelDraft): Promise<CopiedModel> {
  if (typeof source === "string") return copyPath(resolve(source), draft);
  if (typeof (source as Partial<SavableModel> | null)?.save !== "function") {
    throw new InvalidArgumentError(
      "A model to save must be a live model (it has a save function), the path of a model.json, or a folder with a model.json or a saved_model.pb. A SavedModel that tfjs-node has loaded is saved by its folder.",
    );
  }
  await source.save(folderWriter(draft));
  const name = "the live model";
  return { kind: kindOf(readModelJson(draft.pathOf(modelJsonName), name), name), source: name };
}

async function copyPath(path: string, draft: ModelDraft): Promise<CopiedModel> {
  const status = await stat(path).catch((error: unknown) => {
    throw new InvalidArgumentError(`${path} cannot be read (working folder: ${process.cwd()}).`, { cause: error });
  });
  if (!status.isDirectory()) return copyModelJson(path, draft);
  const kind = await kindOfFolder(path);
  await cp(path, draft.path, {
    recursive: true,
    dereference: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (from) => from === path || !basename(from).startsWith("."),
  });
  if (kind !== "saved_model") await checkWeights(readModelJson(draft.pathOf(modelJsonName), path), path, draft);
  return { kind, source: path };
}

async function copyModelJson(path: string, draft: ModelDraft): Promise<CopiedModel> {
  const json = readModelJson(path, path);
  const kind = kindOf(json, path);
  await checkWeights(json, path, draft, async (file, to) => {
    await mkdir(dirname(to), { recursive: true });
    await copyFile(join(dirname(path), file), to, constants.COPYFILE_FICLONE);
  });
  await copyFile(path, draft.pathOf(modelJsonName), constants.COPYFILE_FICLONE);
  return { kind, source: path };
}

/** A model.json comes from anywhere: it must not make us read or write files elsewhere. */
async function checkWeights(json: ModelJson, source: string, draft: ModelFolder, fetch?: (file: string, to: string) => Promise<void>): Promise<void> {
  for (const file of weightFiles(json)) {
    const to = pathInside(draft, file, source);
    try {
      await (fetch === undefined ? stat(to) : fetch(file, to));
    } catch (error) {
      throw new InvalidModelError(`${source} keeps weights in ${file}, which cannot be read: keep it beside the ${modelJsonName}.`, { cause: error });
    }
  }
}

function pathInside(draft: ModelFolder, file: unknown, source: string): string {
  try {
    if (typeof file !== "string" || file === storeFileName || file === modelJsonName) throw new InvalidArgumentError("not a file of weights");
    return draft.pathOf(file);
  } catch (error) {
    throw new InvalidModelError(`${source} names weights in ${JSON.stringify(file)}, which is no file of its own folder: refused.`, { cause: error });
  }
}

async function kindOfFolder(folder: string): Promise<ModelKind> {
  const names = await readdir(folder);
  if (names.includes(storeFileName)) {
    throw new InvalidArgumentError(`${folder} has a ${storeFileName}, so it is a model of a store already: import it with ModelStore.import.`);
  }
  const isSavedModel = names.includes(savedModelName);
  if (isSavedModel && names.includes(modelJsonName)) {
    throw new InvalidArgumentError(`${folder} has a ${modelJsonName} and a ${savedModelName}: give the path of the ${modelJsonName}, or keep the two models apart.`);
  }
  if (isSavedModel) return "saved_model";
  if (names.includes(modelJsonName)) return kindOf(readModelJson(join(folder, modelJsonName), folder), folder);
  throw new InvalidArgumentError(`${folder} has neither a ${modelJsonName} nor a ${savedModelName} at its top: give the folder of the model itself.`);
}

/** Files of early versions do not say their format. */
function kindOf({ format, modelTopology }: ModelJson, source: string): ModelKind {
  if (format === "layers-model" || "model_config" in modelTopology || "class_name" in modelTopology) return "layers";
  if (format === "graph-model" || "node" in modelTopology) return "graph";
  throw new InvalidModelError(`The ${modelJsonName} of ${source} is neither a layers model nor a graph model (format: ${JSON.stringify(format)}).`);
}
