import { declareModelTypes, type DeclaredTensor, type ModelInfo } from "bentoml-core";
import { elementTypeName, isDtype } from "./element-type.js";
import type { GraphValue } from "./graph-description.js";
import { graphValuesOf } from "./onnx-signature.js";

/**
 * The TypeScript that types a model's calls by its tag, to be written into a file of the user's project:
 *
 * ```ts
 * declare module "bentoml-onnx" {
 *   interface Models {
 *     "digits:latest": { inputs: { image: "float32" }; outputs: { probabilities: "float32" } };
 *   }
 * }
 * ```
 *
 * The file must be a module (have an `import` or `export`) for its declarations to be merged. A model with several
 * inputs also gets their order, for positional arguments. An empty string where `model.yaml` says nothing about inputs
 * and outputs: such a tag keeps the general types.
 *
 * @param tags Texts that code gives to `get`. Default: the name, with `latest` and with the version.
 */
export function modelTypeDeclaration(info: ModelInfo, tags?: readonly string[]): string {
  const signature = info.signatures["run"];
  const values = graphValuesOf(info);
  const inputs = signature?.inputSpec ?? tensorsOf(values?.inputs);
  const outputs = signature?.outputSpec ?? tensorsOf(values?.outputs);
  if (inputs === undefined || outputs === undefined) return "";
  return declareModelTypes({ adapter: "bentoml-onnx", inputs, outputs }, info, tags);
}

function tensorsOf(values: readonly GraphValue[] | undefined): readonly DeclaredTensor[] | undefined {
  return values
    ?.map((value) => ({ name: value.name, dtype: elementTypeName(value.type.tensorType?.elemType ?? 0) }))
    .filter((value) => isDtype(value.dtype));
}
