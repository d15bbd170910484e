import type { ModelInfo } from "../models/index.js";

/** What declared types hold of an input or an output. */
export interface DeclaredTensor {
  /** As the model calls it: any text. */
  readonly name: string;
  /** The dtype of its arrays. */
  readonly dtype: string;
}

/** A model as its types declare it. */
export interface DeclaredModel {
  /** The package whose interface `Models` has the types. */
  readonly adapter: string;
  /** In the model's order. */
  readonly inputs: readonly DeclaredTensor[];
  /** In the model's order. */
  readonly outputs: readonly DeclaredTensor[];
}

/**
 * The TypeScript that types a model's calls by its tag, which an adapter's `modelTypeDeclaration` gives to `bentoml types`: it merges the
 * model's inputs and outputs into the interface `Models` of the adapter. With several inputs their order is told, for positional arguments.
 *
 * @param tags Texts that code gives to `get`. Default: the name, with `latest` and with the version.
 */
export function declareModelTypes({ adapter, inputs, outputs }: DeclaredModel, info: Pick<ModelInfo, "name" | "version">, tags: readonly string[] = tagsOf(info)): string {
  const order = inputs.length > 1 ? `; inputOrder: [${inputs.map(({ name }) => quoted(name)).join(", ")}]` : "";
  const type = `{ inputs: ${recordType(inputs)}${order}; outputs: ${recordType(outputs)} }`;
  const lines = tags.map((tag) => `    ${quoted(tag)}: ${type};`);
  return [`declare module ${quoted(adapter)} {`, "  interface Models {", ...lines, "  }", "}", ""].join("\n");
}

function tagsOf({ name, version }: Pick<ModelInfo, "name" | "version">): string[] {
  return [name, `${name}:latest`, `${name}:${version}`];
}

function recordType(tensors: readonly DeclaredTensor[]): string {
  const fields = tensors.map(({ name, dtype }) => `${quoted(name)}: ${quoted(dtype)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join("; ")} }`;
}

/** A string literal: names come from a model's file and may hold anything. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
