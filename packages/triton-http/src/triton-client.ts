import type { TritonClientOptions } from "./client-options.js";
import { generate, generateStream } from "./generate-call.js";
import { infer, inferRaw, type InferOptions, type InferTransferOptions, type ModelRequestOptions } from "./infer-call.js";
import type { InferInputs } from "./infer-request.js";
import type { InferResult } from "./infer-result.js";
import { base64, loadModel, unloadModel, type LoadModelOptions } from "./repository-call.js";
import type {
  CudaSharedMemoryRegion,
  GenerateRecord,
  InferenceStatistics,
  LogSettings,
  ModelConfiguration,
  ModelMetadata,
  RepositoryEntry,
  ServerMetadata,
  SystemSharedMemoryRegion,
  TraceSettings,
} from "./server-answers.js";
import { jsonText, modelPath, ServerCalls, type RequestOptions } from "./server-calls.js";

/** Options of `getModelRepositoryIndex`. */
export interface IndexOptions extends RequestOptions {
  /** Whether to leave out what is not ready. Default false. */
  readonly ready?: boolean;
}

/** Options of `unloadModel`. */
export interface UnloadModelOptions extends RequestOptions {
  /** Whether the models that it is made of are unloaded too. Default false. */
  readonly unloadDependents?: boolean;
}

/**
 * A client of a Triton server, or of any other that speaks the Open Inference Protocol over HTTP. Connects with the first call and keeps
 * its connections; they do not keep the process alive.
 *
 * Every method rejects with a BentoMLError: what the server answers by its status (400 InvalidArgumentError, 404 NotFoundError, 503
 * ServiceUnavailableError, 500 ModelRunError or BentoMLError) with the server's text in the message and alone in `cause.message`;
 * `SERVER_UNREACHABLE` when no connection can be made; `SERVER_CONNECTION_LOST` when one breaks; DeadlineExceededError after `timeoutMs`;
 * `BAD_SERVER_REPLY` for what cannot be read. An abort rejects with `signal.reason`. Connections that cannot be made are tried again; a
 * request that may have been run is sent again only where running it twice does no harm.
 */
export class TritonClient {
  readonly #calls: ServerCalls;

  /**
   * @param url `http://host:8000`, `https://host/prefix`, or `host:8000`.
   * @throws InvalidArgumentError for options that cannot be met.
   */
  constructor(url: string | URL, options: TritonClientOptions = {}) {
    this.#calls = new ServerCalls(url, options);
  }

  /** Address of the server, as it is called. */
  get url(): string {
    return this.#calls.options.origin + this.#calls.options.pathPrefix;
  }

  /** Whether the server says that it lives. Rejects when it cannot be reached. */
  isServerLive(options: RequestOptions = {}): Promise<boolean> {
    return this.#calls.isWell("/v2/health/live", "live", options);
  }

  /** Whether the server says that it and its models are ready. */
  isServerReady(options: RequestOptions = {}): Promise<boolean> {
    return this.#calls.isWell("/v2/health/ready", "ready", options);
  }

  /** Whether the model can be run; false also for a model that there is not. */
  isModelReady(modelName: string, options: ModelRequestOptions = {}): Promise<boolean> {
    return this.#calls.isWell(`${modelPath(modelName, options.modelVersion)}/ready`, "ready", options);
  }

  /** Name, version and extensions of the server. */
  getServerMetadata(options: RequestOptions = {}): Promise<ServerMetadata> {
    return this.#calls.getJson("/v2", options);
  }

  /** The inputs and outputs of a model. */
  async getModelMetadata(modelName: string, options: ModelRequestOptions = {}): Promise<ModelMetadata> {
    return this.#calls.getJson(modelPath(modelName, options.modelVersion), options);
  }

  /** The configuration of a model. Only Triton has it. */
  async getModelConfig(modelName: string, options: ModelRequestOptions = {}): Promise<ModelConfiguration> {
    return this.#calls.getJson(`${modelPath(modelName, options.modelVersion)}/config`, options);
  }

  /** Every model of the repository, loaded or not. */
  getModelRepositoryIndex(options: IndexOptions = {}): Promise<RepositoryEntry[]> {
    return this.#calls.postJson("/v2/repository/index", options.ready === true ? { ready: true } : {}, options, true);
  }

  /** Loads a model, or loads it again, and waits until it is there. */
  loadModel(modelName: string, options: LoadModelOptions = {}): Promise<void> {
    return loadModel(this.#calls, modelName, options);
  }

  /** Begins to unload a model: it may still answer for a moment. A model that there is not is no error. */
  unloadModel(modelName: string, options: UnloadModelOptions = {}): Promise<void> {
    return unloadModel(this.#calls, modelName, options.unloadDependents ?? false, options);
  }

  /** Of one model, or of all when the name is "". */
  async getInferenceStatistics(modelName = "", options: ModelRequestOptions = {}): Promise<InferenceStatistics> {
    return this.#calls.getJson(modelName === "" ? "/v2/models/stats" : `${modelPath(modelName, options.modelVersion)}/stats`, options);
  }

  /** Of one model, or those of the server when the name is "". */
  async getTraceSettings(modelName = "", options: RequestOptions = {}): Promise<TraceSettings> {
    return this.#calls.getJson(tracePath(modelName), options);
  }

  /** Changes some settings, and resolves to all. Values are text; null takes a model's setting back. */
  async updateTraceSettings(settings: TraceSettings, modelName = "", options: RequestOptions = {}): Promise<TraceSettings> {
    return this.#calls.postJson(tracePath(modelName), settings, options, true);
  }

  /** What the server logs. */
  getLogSettings(options: RequestOptions = {}): Promise<LogSettings> {
    return this.#calls.getJson("/v2/logging", options);
  }

  /** Changes some settings, and resolves to all. */
  updateLogSettings(settings: LogSettings, options: RequestOptions = {}): Promise<LogSettings> {
    return this.#calls.postJson("/v2/logging", settings, options, true);
  }

  /** One region, or all when the name is "". */
  getSystemSharedMemoryStatus(regionName = "", options: RequestOptions = {}): Promise<SystemSharedMemoryRegion[]> {
    return this.#calls.getJson(`${regionPath("system", regionName)}/status`, options);
  }

  /**
   * Tells the server of a region of its machine's memory.
   *
   * @param key Name of the POSIX shared memory object, such as "/my-region", which must exist on the server's machine.
   */
  async registerSystemSharedMemory(name: string, key: string, byteSize: number, offset = 0, options: RequestOptions = {}): Promise<void> {
    await this.#calls.postJson(`${regionPath("system", name)}/register`, { key, offset, byte_size: byteSize }, options, false);
  }

  /** One region, or all when the name is "". */
  async unregisterSystemSharedMemory(name = "", options: RequestOptions = {}): Promise<void> {
    await this.#calls.postJson(`${regionPath("system", name)}/unregister`, undefined, options, true);
  }

  /** One region, or all when the name is "". */
  getCudaSharedMemoryStatus(regionName = "", options: RequestOptions = {}): Promise<CudaSharedMemoryRegion[]> {
    return this.#calls.getJson(`${regionPath("cuda", regionName)}/status`, options);
  }

  /**
   * Tells the server of a region of a GPU's memory.
   *
   * @param rawHandle The bytes of a `cudaIpcMemHandle_t`.
   */
  async registerCudaSharedMemory(name: string, rawHandle: Uint8Array, deviceId: number, byteSize: number, options: RequestOptions = {}): Promise<void> {
    const body = { raw_handle: { b64: base64(rawHandle) }, device_id: deviceId, byte_size: byteSize };
    await this.#calls.postJson(`${regionPath("cuda", name)}/register`, body, options, false);
  }

  /** One region, or all when the name is "". */
  async unregisterCudaSharedMemory(name = "", options: RequestOptions = {}): Promise<void> {
    await this.#calls.postJson(`${regionPath("cuda", name)}/unregister`, undefined, options, true);
  }

  /** Runs a model. The inputs' memory is read before this returns. */
  infer(modelName: string, inputs: InferInputs, options: InferOptions = {}): Promise<InferResult> {
    return infer(this.#calls, modelName, inputs, options);
  }

  /**
   * Runs a model of one input by that input's bytes alone; the server takes the shape from the model's configuration, with a batch of
   * one. `bytes` must not change until it is answered.
   */
  inferRaw(modelName: string, bytes: Uint8Array, options: InferTransferOptions = {}): Promise<InferResult> {
    return inferRaw(this.#calls, modelName, bytes, options);
  }

  /**
   * Runs a model by the generate extension: inputs and outputs are plain JSON by name. A decoupled model must give exactly one response.
   */
  generate(modelName: string, record: GenerateRecord, options: ModelRequestOptions = {}): Promise<GenerateRecord> {
    return generate(this.#calls, modelName, record, options);
  }

  /**
   * The same for a model that gives any number of responses, which come as they are made. The request goes out with the first `next()`;
   * leaving the loop closes its connection. An error of the model in the middle of its stream is a ModelRunError.
   */
  generateStream(modelName: string, record: GenerateRecord, options: ModelRequestOptions = {}): AsyncGenerator<GenerateRecord, void, undefined> {
    return generateStream(this.#calls, modelName, jsonText(record), options);
  }

  /** Waits for what is on its way, then closes the connections; `atOnce` gives up what is on its way. Later calls are a StateError. */
  close({ atOnce = false }: { readonly atOnce?: boolean } = {}): Promise<void> {
    return this.#calls.close(atOnce);
  }

  /** `await using client = …` closes it at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function tracePath(modelName: string): string {
  return modelName === "" ? "/v2/trace/setting" : `${modelPath(modelName, undefined)}/trace/setting`;
}

function regionPath(kind: "system" | "cuda", name: string): string {
  return name === "" ? `/v2/${kind}sharedmemory` : `/v2/${kind}sharedmemory/region/${encodeURIComponent(name)}`;
}
