import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import type { io } from "@tensorflow/tfjs-core";
import { InvalidModelError } from "bentoml-core";

/** The file of a layers or graph model that names the files with its weights. */
export const modelJsonName = "model.json";

/** Where a model's files are: a stored model, a draft, a folder of the user's. */
export interface ModelFolder {
  /** Absolute path of one of its files. Throws for a path that leads out of the folder. */
  pathOf(file: string): string;
}

/** What a model.json holds. */
export interface ModelJson extends io.ModelJSON {
  readonly format?: string;
}

/** The files that a live model was written into. */
const weightsName = (part: number): string => `weights-${part}.bin`;

/** Reads and checks a model.json; `source` names the model in messages. */
export function readModelJson(path: string, source: string): ModelJson {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new InvalidModelError(`${source} has no ${modelJsonName} that can be read: ${(error as Error).message}`, { cause: error });
  }
  const { modelTopology, weightsManifest } = (json ?? {}) as Partial<ModelJson>;
  if (typeof modelTopology !== "object" || (modelTopology as unknown) === null || !Array.isArray(weightsManifest)) {
    throw new InvalidModelError(`The ${modelJsonName} of ${source} has no "modelTopology" or no "weightsManifest": export the model again, topology and weights together.`);
  }
  return json as ModelJson;
}

/** The files with weights that a model.json names, in order. */
export function weightFiles({ weightsManifest }: ModelJson): string[] {
  return weightsManifest.flatMap(({ paths }) => paths);
}

/** Reads a model from a folder, for `loadLayersModel` and `loadGraphModel`. */
export function folderReader(folder: ModelFolder, source: string): io.IOHandler {
  return {
    load: async () => {
      const { weightsManifest, ...artifacts } = readModelJson(folder.pathOf(modelJsonName), source);
      const weightData: ArrayBuffer[] = [];
      for (const { paths } of weightsManifest) {
        for (const file of paths) weightData.push(await readWeights(folder.pathOf(file), source));
      }
      return { ...artifacts, weightData, weightSpecs: weightsManifest.flatMap(({ weights }) => weights) };
    },
  };
}

async function readWeights(path: string, source: string): Promise<ArrayBuffer> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new InvalidModelError(`${source} needs the file ${path}, which cannot be read: keep the weights where the ${modelJsonName} names them.`, { cause: error });
  });
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

/** Writes what a live model saves into a folder, as other programs of TensorFlow.js read it. */
export function folderWriter(folder: ModelFolder): io.IOHandler {
  return {
    save: async ({ weightData, weightSpecs, ...artifacts }) => {
      const parts = weightData === undefined ? [] : Array.isArray(weightData) ? weightData : [weightData];
      for (const [part, bytes] of parts.entries()) await writeFile(folder.pathOf(weightsName(part)), new Uint8Array(bytes));
      const weightsManifest = [{ paths: parts.map((_, part) => weightsName(part)), weights: weightSpecs ?? [] }];
      await writeFile(folder.pathOf(modelJsonName), JSON.stringify({ ...artifacts, weightsManifest }));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
    },
  };
}
