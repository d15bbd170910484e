import type { CommonSaveOptions, ModelStore, Tag } from "bentoml-core";
import type { TritonModelSource, TritonSaveOptions } from "./stored-server-model.js";
import { adapter, openModel, storeModel, type TritonModel, type TritonRunnerOptions } from "./triton-adapter.js";
import type { TritonClient } from "./triton-client.js";

export type { Compression } from "./compression.js";
export type { TritonClientOptions, TritonTls } from "./client-options.js";
export type { Datatype } from "bentoml-core";
export type { InferOptions, InferTransferOptions, ModelRequestOptions } from "./infer-call.js";
export { InferInput, type InputData, type InputDataOptions, type SharedMemory } from "./infer-input.js";
export { InferRequestedOutput, type RequestedOutputOptions } from "./infer-requested-output.js";
export {
  encodeInferRequest,
  type EncodedRequest,
  type InferInputs,
  type InferRequestOptions,
  type ParameterValue,
} from "./infer-request.js";
export { InferResult } from "./infer-result.js";
export type { InferOutput, InferResponse } from "./reply-head.js";
export type { LoadModelOptions } from "./repository-call.js";
export type {
  CudaSharedMemoryRegion,
  GenerateRecord,
  InferenceStatistics,
  LogSettings,
  ModelConfiguration,
  ModelConfigurationTensor,
  ModelMetadata,
  ModelStatistics,
  RepositoryEntry,
  ServerMetadata,
  StatisticDuration,
  SystemSharedMemoryRegion,
  TensorMetadata,
  TraceSettings,
} from "./server-answers.js";
export type { RequestOptions } from "./server-calls.js";
export { TritonClient, type IndexOptions, type UnloadModelOptions } from "./triton-client.js";
export { adapter, TritonModel, type TritonRunnerOptions } from "./triton-adapter.js";
export type { TritonModelSource, TritonSaveOptions } from "./stored-server-model.js";
export type { ModelAddress } from "./server-model.js";
export { fromServer, TritonRunner, type FromServerOptions, type TritonModelRunner } from "./triton-runner.js";
export { TritonRunnerHandle, type MethodModel, type TritonHandleOptions } from "./triton-runner-handle.js";

/** Where to look for a model. */
export interface StoreOption {
  /** Default: the store under `$BENTOML_HOME`. */
  readonly store?: ModelStore;
}

/** Registers the container of `InferInput`. Idempotent; the functions below do it by themselves. */
export function register(): void {
  adapter.register();
}

/**
 * The model of this tag. Synchronous and cheap: connects to nothing.
 *
 * @throws ModelNotFoundError, or NotFoundError when another adapter saved the model, which it names.
 */
export function get(tag: Tag | string, options?: StoreOption): TritonModel {
  return openModel(tag, options);
}

/**
 * Saves where a model is, with what its server says of its inputs and outputs. The model itself stays on the server.
 *
 * @param name `resnet`, or `resnet:v1` for a version of your own.
 * @throws InvalidArgumentError for a source that names no model; what the server answers; ModelExistsError for a taken tag. Nothing is
 *   left in the store then.
 */
export function saveModel(name: Tag | string, source: TritonModelSource, options: TritonSaveOptions & CommonSaveOptions = {}): Promise<TritonModel> {
  return storeModel(name, source, options);
}

/** A client of the server that has the model. Close it when you are done. */
export async function loadModel(tag: Tag | string | TritonModel, options: TritonRunnerOptions & StoreOption = {}): Promise<TritonClient> {
  return (await adapter.loadModel(tag, options)) as TritonClient;
}
