import { declareModelTypes, type Dtype, type ModelInfo, type TensorSpec } from "bentoml-core";

/**
 * The TypeScript that types a model's calls by its tag, to be written into a file of the user's project:
 *
 * ```ts
 * declare module "bentoml-tfjs" {
 *   interface Models {
 *     "digits:latest": { inputs: { image: "float32" }; outputs: { probabilities: "float32" } };
 *   }
 * }
 * ```
 *
 * The file must be a module (have an `import` or `export`) for its declarations to be merged. A model with several inputs also gets
 * their order, for positional arguments. An empty string where `model.yaml` says nothing about the inputs or the outputs of `run`: such
 * a tag keeps the general types.
 *
 * @param tags Texts that code gives to `get`. Default: the name, with `latest` and with the version.
 */
export function modelTypeDeclaration(info: ModelInfo, tags?: readonly string[]): string {
  const { inputSpec: inputs, outputSpec: outputs } = info.signatures["run"] ?? {};
  if (inputs === undefined || outputs === undefined) return "";
  return declareModelTypes({ adapter: "bentoml-tfjs", inputs, outputs: outputs.map((output) => ({ name: output.name, dtype: resultDtype(output) })) }, info, tags);
}

/** Tensors of TensorFlow.js hold these integers as 32-bit ones. */
function resultDtype({ dtype }: TensorSpec): Dtype {
  return dtype === "int64" || dtype === "uint8" ? "int32" : dtype;
}
