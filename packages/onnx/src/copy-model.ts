import { constants } from "node:fs";
import { copyFile, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, posix, resolve } from "node:path";
import { InvalidArgumentError, InvalidModelError, type ModelDraft } from "bentoml-core";
import { describeGraph, type GraphDescription } from "./graph-description.js";
import { modelFileName } from "./onnx-signature.js";

/** A model as a user has it: an .onnx file, a folder with one, or the file's bytes. */
export type OnnxModelSource = string | Uint8Array;

/** A model whose files are in the draft. */
export interface CopiedModel {
  /** How messages name the model: as the user gave it. */
  readonly source: string;
  readonly path: string;
  readonly graph: GraphDescription;
}

/** The file that the store itself writes into a model's folder. */
const storeFileName = "model.yaml";

/**
 * Copies a model into a draft of the store: an .onnx file and the external weights that it names, or a whole folder
 * (hidden files aside) with one .onnx file at its top. The file gets the name `saved_model.onnx`; others keep theirs.
 *
 * @throws InvalidModelError when a file is missing, truncated or no ONNX model, or names files outside its folder;
 *   InvalidArgumentError when the folder has no .onnx file or several.
 */
export async function copyModel(source: OnnxModelSource, draft: ModelDraft): Promise<CopiedModel> {
  if (source instanceof Uint8Array) return copyBytes(source, draft);
  if (typeof source !== "string") {
    throw new InvalidArgumentError("A model to save must be the path of an .onnx file, or a Uint8Array with its bytes.");
  }
  const status = await stat(source).catch((error: unknown) => {
    throw new InvalidArgumentError(`${source} cannot be read (working folder: ${process.cwd()}).`, { cause: error });
  });
  return status.isDirectory() ? copyFolder(source, draft) : copySingleFile(source, draft);
}

async function copyBytes(bytes: Uint8Array, draft: ModelDraft): Promise<CopiedModel> {
  const source = `the model given as ${bytes.byteLength} bytes`;
  const path = draft.pathOf(modelFileName);
  await writeFile(path, bytes);
  const graph = describeGraph(path, source);
  if (graph.externalFiles.length > 0) {
    throw new InvalidModelError(
      `${source} keeps weights in other files (${graph.externalFiles.join(", ")}): give the path of the .onnx file instead.`,
    );
  }
  return { source, path, graph };
}

async function copySingleFile(source: string, draft: ModelDraft): Promise<CopiedModel> {
  const graph = describeGraph(source, source);
  for (const name of graph.externalFiles) {
    checkExternalName(name, source);
    await copyInto(join(dirname(source), name), draft.pathOf(name), source);
  }
  const path = draft.pathOf(modelFileName);
  await copyInto(source, path, source);
  return { source, path, graph };
}

async function copyFolder(folder: string, draft: ModelDraft): Promise<CopiedModel> {
  const file = await onlyModelIn(folder);
  const source = join(folder, file);
  const graph = describeGraph(source, source);
  for (const name of await visibleFiles(folder)) {
    await copyInto(join(folder, name), draft.pathOf(name === file ? modelFileName : name), source);
  }
  for (const name of graph.externalFiles) {
    checkExternalName(name, source);
    await stat(draft.pathOf(name)).catch((error: unknown) => {
      throw missingFile(resolve(folder, name), source, error);
    });
  }
  return { source, path: draft.pathOf(modelFileName), graph };
}

async function onlyModelIn(folder: string): Promise<string> {
  const names = await readdir(folder);
  if (names.includes(storeFileName)) {
    throw new InvalidArgumentError(
      `${folder} has a ${storeFileName}, so it is a model of a store already: import it with ModelStore.import.`,
    );
  }
  const models = names.filter((name) => name.endsWith(".onnx"));
  const [only] = models;
  if (only !== undefined && models.length === 1) return only;
  throw new InvalidArgumentError(
    models.length === 0
      ? `${folder} has no .onnx file at its top: give the path of the file, or of the folder it lies in.`
      : `${folder} has ${models.length} .onnx files (${models.join(", ")}): give the path of the one to save.`,
  );
}

/** Paths of files below the folder, in the form of `location`s of external weights; links to files count as files. */
async function visibleFiles(folder: string, prefix = ""): Promise<string[]> {
  const files: string[] = [];
  for (const name of (await readdir(join(folder, prefix))).sort()) {
    if (name.startsWith(".")) continue;
    const path = posix.join(prefix, name);
    const isFolder = (await stat(join(folder, path))).isDirectory();
    files.push(...(isFolder ? await visibleFiles(folder, path) : [path]));
  }
  return files;
}

async function copyInto(from: string, to: string, source: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (error) {
    throw missingFile(from, source, error);
  }
}

function missingFile(path: string, source: string, cause: unknown): InvalidModelError {
  return new InvalidModelError(
    `${source} needs the file ${path}, which cannot be read: keep ${basename(path)} where the model expects it.`,
    { cause },
  );
}

/** A model file comes from anywhere: it must not make us read or write files elsewhere. */
function checkExternalName(name: string, source: string): void {
  const normal = posix.normalize(name);
  const escapes = name === "" || name.includes("\\") || name.includes("\0") || /^[A-Za-z]:/.test(name);
  if (escapes || posix.isAbsolute(normal) || normal === "." || normal.split("/")[0] === "..") {
    throw new InvalidModelError(`${source} names weights in ${JSON.stringify(name)}, outside its own folder: refused.`);
  }
  if (normal === storeFileName || normal === modelFileName) {
    throw new InvalidModelError(`${source} keeps weights in ${normal}, a name that the store needs: export it again.`);
  }
}
