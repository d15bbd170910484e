import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** The `module` of what frameworks write: files of a kind, or folders that have a file of a name. */
const files: readonly (readonly [RegExp, string])[] = [
  [/\.onnx$/i, "bentoml.onnx"],
  [/^model\.json$/, "bentoml-tfjs"],
];
const folders: readonly (readonly [string, string])[] = [
  ["model.json", "bentoml-tfjs"],
  ["saved_model.pb", "bentoml-tfjs"],
];

/** What `moduleOfModel` knows, in words. */
export const KNOWN_MODELS = "an .onnx file, a model.json of TensorFlow.js or its folder, or the folder of a SavedModel";

/** What a model of this file or folder would have as its `module`; undefined when no framework has written it, but a store. */
export function moduleOfModel(path: string): string | undefined {
  if (existsSync(join(path, "model.yaml")) || existsSync(join(dirname(path), "model.yaml"))) return undefined;
  const [, module] = files.find(([name]) => name.test(basename(path))) ?? folders.find(([name]) => existsSync(join(path, name))) ?? [];
  return module;
}
