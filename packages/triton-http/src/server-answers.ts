/** What a server says of itself. */
export interface ServerMetadata {
  readonly name: string;
  readonly version: string;
  /** Names of the protocol's extensions that it has, such as "binary_tensor_data". */
  readonly extensions: readonly string[];
}

/** What a server says of an input or output of a model. */
export interface TensorMetadata {
  readonly name: string;
  readonly datatype: string;
  /** -1 for a dim of any size. The batch dim of a model that batches is the first. */
  readonly shape: readonly number[];
}

export interface ModelMetadata {
  readonly name: string;
  readonly versions?: readonly string[];
  readonly platform: string;
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
}

/** A model's configuration, with the names of Triton's `ModelConfig` message. Those that every model has are listed. */
export interface ModelConfiguration {
  readonly name: string;
  readonly platform?: string;
  readonly backend?: string;
  /** 0 for a model that does not batch. */
  readonly max_batch_size?: number;
  readonly input?: readonly ModelConfigurationTensor[];
  readonly output?: readonly ModelConfigurationTensor[];
  /** A decoupled model answers a request with any number of responses. */
  readonly model_transaction_policy?: { readonly decoupled?: boolean };
  readonly [key: string]: unknown;
}

export interface ModelConfigurationTensor {
  readonly name: string;
  /** "TYPE_FP32", "TYPE_STRING", … */
  readonly data_type: string;
  /** Without the batch dim. */
  readonly dims: readonly (number | string)[];
  readonly [key: string]: unknown;
}

/** One model, or one version of it, in the repository. */
export interface RepositoryEntry {
  readonly name: string;
  readonly version?: string;
  /** "READY", "UNAVAILABLE", "LOADING", "UNLOADING"; missing for a model that was never loaded. */
  readonly state?: string;
  /** Why it is unavailable. */
  readonly reason?: string;
}

/** How often something was done, and how long it took in all, ns. */
export interface StatisticDuration {
  readonly count: number;
  readonly ns: number;
}

export interface ModelStatistics {
  readonly name: string;
  readonly version: string;
  /** Time of the last request, ms since 1970. */
  readonly last_inference?: number;
  readonly inference_count?: number;
  readonly execution_count?: number;
  readonly inference_stats?: Readonly<Record<string, StatisticDuration>>;
  readonly batch_stats?: readonly Readonly<Record<string, unknown>>[];
  readonly [key: string]: unknown;
}

export interface InferenceStatistics {
  readonly model_stats: readonly ModelStatistics[];
}

/** Triton takes and gives these as text; null gives a setting back to its default. */
export type TraceSettings = Readonly<Record<string, string | readonly string[] | null>>;

export type LogSettings = Readonly<Record<string, string | number | boolean>>;

export interface SystemSharedMemoryRegion {
  readonly name: string;
  readonly key: string;
  readonly offset: number;
  readonly byte_size: number;
}

export interface CudaSharedMemoryRegion {
  readonly name: string;
  readonly device_id: number;
  readonly byte_size: number;
}

/** A JSON object of the generate extension: inputs and outputs by name, as a value or a list. */
export type GenerateRecord = Readonly<Record<string, unknown>>;
