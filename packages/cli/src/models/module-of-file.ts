import { extname } from "node:path";

/** The `module` of models that are made of a single file of this kind. */
const modules: Readonly<Record<string, string>> = { ".onnx": "bentoml.onnx" };

/** What a model of this file would have as its `module`; undefined when the file is no bare model. */
export function moduleOfFile(path: string): string | undefined {
  const extension = extname(path).toLowerCase();
  return Object.hasOwn(modules, extension) ? modules[extension] : undefined;
}
