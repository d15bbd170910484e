/** What a server says of itself. */
export interface ServerMetadata {
  /** Such as "triton". */
  readonly name: string;
  /** The server's version. */
  readonly version: string;
  /** Names of the protocol's extensions that it has, such as "binary_tensor_data". */
  readonly extensions: readonly string[];
}

/** What a server says of an input or output of a model. */
export interface TensorMetadata {
  /** Name of the input or output. */
  readonly name: string;
  /** "FP32", "BYTES", … */
  readonly datatype: string;
  /** -1 for a dim of any size. The batch dim of a model that batches is the first. */
  readonly shape: readonly number[];
}

/** What a server says of a model. */
export interface ModelMetadata {
  /** The model's name. */
  readonly name: string;
  /** The versions that can be called. */
  readonly versions?: readonly string[];
  /** `<project>_<format>`, such as "onnxruntime_onnx". */
  readonly platform: string;
  /** In the model's order. */
  readonly inputs: readonly TensorMetadata[];
  /** In the model's order. */
  readonly outputs: readonly TensorMetadata[];
}

/** A model's configuration, with the names of Triton's `ModelConfig` message. Those that every model has are listed. */
export interface ModelConfiguration {
  /** The model's name. */
  readonly name: string;
  /** Such as "onnxruntime_onnx"; older models have it instead of a backend. */
  readonly platform?: string;
  /** Such as "onnxruntime" or "python". */
  readonly backend?: string;
  /** 0 for a model that does not batch. */
  readonly max_batch_size?: number;
  /** In the model's order. */
  readonly input?: readonly ModelConfigurationTensor[];
  /** In the model's order. */
  readonly output?: readonly ModelConfigurationTensor[];
  /** A decoupled model answers a request with any number of responses. */
  readonly model_transaction_policy?: { readonly decoupled?: boolean };
  /** Whatever else the server tells. */
  readonly [key: string]: unknown;
}

/** An input or output in a model's configuration. */
export interface ModelConfigurationTensor {
  /** Name of the input or output. */
  readonly name: string;
  /** "TYPE_FP32", "TYPE_STRING", … */
  readonly data_type: string;
  /** Without the batch dim. */
  readonly dims: readonly (number | string)[];
  /** Whatever else the server tells. */
  readonly [key: string]: unknown;
}

/** One model, or one version of it, in the repository. */
export interface RepositoryEntry {
  /** The model's name. */
  readonly name: string;
  /** The version; missing for a model of which none was loaded. */
  readonly version?: string;
  /** "READY", "UNAVAILABLE", "LOADING", "UNLOADING"; missing for a model that was never loaded. */
  readonly state?: string;
  /** Why it is unavailable. */
  readonly reason?: string;
}

/** How often something was done, and how long it took in all, ns. */
export interface StatisticDuration {
  /** How often. */
  readonly count: number;
  /** How long in all, ns. */
  readonly ns: number;
}

/** What a server has counted for one version of a model. */
export interface ModelStatistics {
  /** The model's name. */
  readonly name: string;
  /** The model's version. */
  readonly version: string;
  /** Time of the last request, ms since 1970. */
  readonly last_inference?: number;
  /** Items that were run: a batch of 8 counts as 8. */
  readonly inference_count?: number;
  /** Runs of the model: a batch counts as 1. */
  readonly execution_count?: number;
  /** How long requests took, by what was done: "success", "fail", "queue", "compute_infer", … */
  readonly inference_stats?: Readonly<Record<string, StatisticDuration>>;
  /** The same for each size of batch that was run. */
  readonly batch_stats?: readonly Readonly<Record<string, unknown>>[];
  /** Whatever else the server tells. */
  readonly [key: string]: unknown;
}

/** What a server has counted for its models. */
export interface InferenceStatistics {
  /** An entry for each version of each model. */
  readonly model_stats: readonly ModelStatistics[];
}

/** Triton takes and gives these as text; null gives a setting back to its default. */
export type TraceSettings = Readonly<Record<string, string | readonly string[] | null>>;

/** What a server logs: its settings by name. */
export type LogSettings = Readonly<Record<string, string | number | boolean>>;

/** A region of the server machine's memory that was registered. */
export interface SystemSharedMemoryRegion {
  /** The name under which it was registered. */
  readonly name: string;
  /** Name of the POSIX shared memory object. */
  readonly key: string;
  /** Where it begins in that object, bytes. */
  readonly offset: number;
  /** Its length, bytes. */
  readonly byte_size: number;
}

/** A region of a GPU's memory that was registered. */
export interface CudaSharedMemoryRegion {
  /** The name under which it was registered. */
  readonly name: string;
  /** Number of the GPU. */
  readonly device_id: number;
  /** Its length, bytes. */
  readonly byte_size: number;
}

/** A JSON object of the generate extension: inputs and outputs by name, as a value or a list. */
export type GenerateRecord = Readonly<Record<string, unknown>>;
