import { Buffer } from "node:buffer";
import { InvalidArgumentError } from "bentoml-core";
import type { RequestOptions, ServerCalls } from "./server-calls.js";

/** Options of `loadModel`. */
export interface LoadModelOptions extends RequestOptions {
  /** Instead of the configuration in the repository: an object, or its JSON. */
  readonly config?: Readonly<Record<string, unknown>> | string;
  /** Instead of the model's folder: contents by path, such as `1/model.onnx`. Needs `config`. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

/** Resolves when the model is loaded. */
export async function loadModel(calls: ServerCalls, modelName: string, options: LoadModelOptions): Promise<void> {
  const { config, files = {} } = options;
  if (config === undefined && Object.keys(files).length > 0) {
    throw new InvalidArgumentError(`Model "${modelName}" cannot be loaded with files alone: give its config too.`);
  }
  const parameters: Record<string, string> = {};
  if (config !== undefined) parameters["config"] = typeof config === "string" ? config : JSON.stringify(config);
  for (const [path, content] of Object.entries(files)) parameters[`file:${path}`] = base64(content);
  const body = config === undefined ? undefined : { parameters };
  await calls.postJson(`${repositoryPath(modelName)}/load`, body, options, true);
}

export async function unloadModel(calls: ServerCalls, modelName: string, unloadDependents: boolean, options: RequestOptions): Promise<void> {
  const body = { parameters: { unload_dependents: unloadDependents } };
  await calls.postJson(`${repositoryPath(modelName)}/unload`, body, options, true);
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function repositoryPath(modelName: string): string {
  if (modelName === "") throw new InvalidArgumentError("The name of a model must not be empty.");
  return `/v2/repository/models/${encodeURIComponent(modelName)}`;
}
