import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dtypeOfDatatype, InvalidArgumentError, InvalidModelError, type ModelDraft, type SavedFacts, type StoredModel, type TensorSpec } from "bentoml-core";
import { resolveClientOptions, type TritonClientOptions } from "./client-options.js";
import type { ServerMetadata, TensorMetadata } from "./server-answers.js";
import { ServerCalls } from "./server-calls.js";
import { ServerModel, type KnownModel, type ModelAddress } from "./server-model.js";

/** A model on a server, as the store keeps it. */
export interface TritonModelSource extends ModelAddress {
  /** Address of the server. */
  readonly url: string;
}

/** Options of `saveModel`. */
export interface TritonSaveOptions {
  /** How the server is asked for the model's inputs and outputs. Not kept: keys and tokens do not belong in a store. */
  readonly client?: TritonClientOptions;
}

interface StoredServerModel extends TritonModelSource {
  readonly isDecoupled: boolean;
}

const modelFile = "server-model.json";
/** Version of the layout of a model's files. */
const apiVersion = "v1";
/** The only method. */
export const methodName = "run";

const sources = new WeakMap<StoredModel, StoredServerModel>();

/**
 * Writes where the model is, and keeps what the server says of its inputs and outputs.
 *
 * @throws InvalidArgumentError for a source that names no model; what the server answers when it is asked for the model.
 */
export async function saveServerModel(draft: ModelDraft, source: TritonModelSource, { client = {} }: TritonSaveOptions): Promise<SavedFacts> {
  const { url, modelName, modelVersion } = checkedSource(source);
  const calls = new ServerCalls(url, client);
  try {
    const [known, server] = await Promise.all([new ServerModel(calls, source).describe(), calls.getJson<ServerMetadata>("/v2", {})]);
    const stored = { url, modelName, ...(modelVersion === undefined ? {} : { modelVersion }), isDecoupled: known.isDecoupled };
    await writeFile(draft.pathOf(modelFile), `${JSON.stringify(stored, undefined, 2)}\n`);
    return { signatures: signaturesOf(known), frameworkName: "triton", frameworkVersions: { [server.name]: server.version }, apiVersion };
  } finally {
    await calls.close(true);
  }
}

/** @throws InvalidModelError when the file is missing or says nothing usable. */
export function serverModelOf(model: StoredModel): StoredServerModel {
  let source = sources.get(model);
  if (source === undefined) {
    source = readServerModel(model);
    sources.set(model, source);
  }
  return source;
}

function readServerModel(model: StoredModel): StoredServerModel {
  const path = model.pathOf(modelFile);
  try {
    const read: unknown = JSON.parse(readFileSync(path, "utf8"));
    return { ...checkedSource(read), isDecoupled: (read as Partial<StoredServerModel>).isDecoupled === true };
  } catch (cause) {
    throw new InvalidModelError(`${model.tag.toString()} does not say in ${path} where it is: ${(cause as Error).message} Save it again.`, { cause });
  }
}

function checkedSource(source: unknown): TritonModelSource {
  const { url, modelName, modelVersion } = (source ?? {}) as Partial<Record<keyof TritonModelSource, unknown>>;
  const isVersion = modelVersion === undefined || (typeof modelVersion === "string" && modelVersion !== "");
  if (typeof url !== "string" || typeof modelName !== "string" || modelName === "" || !isVersion) {
    throw new InvalidArgumentError(`A model on a server is { url, modelName, modelVersion? }, all text, not ${JSON.stringify(source)}.`);
  }
  resolveClientOptions(url, {});
  return { url, modelName, ...(modelVersion === undefined ? {} : { modelVersion }) };
}

function signaturesOf({ inputs, outputs }: KnownModel): SavedFacts["signatures"] {
  return { [methodName]: { batchable: false, batchDim: [0, 0], inputSpec: inputs.map(specOf), outputSpec: outputs.map(specOf) } };
}

function specOf({ name, datatype, shape }: TensorMetadata): TensorSpec {
  const dtype = dtypeOfDatatype(datatype);
  if (dtype === undefined) throw new InvalidModelError(`"${name}" of the model has the datatype ${datatype}, which this client does not know.`);
  return { name, dtype, shape: shape.map(Number) };
}
