import type { TensorSpec } from "../ndarray/index.js";

/** One method of a model that a runner can call. */
export interface ModelSignature {
  /** Whether calls may be joined into batches. */
  readonly batchable: boolean;
  /** The dim along which inputs are joined, and the one along which outputs are split. `[0, 0]` unless told. */
  readonly batchDim: readonly [number, number];
  readonly inputSpec?: readonly TensorSpec[];
  readonly outputSpec?: readonly TensorSpec[];
}

/** What made the model. */
export interface ModelContext {
  /** Such as `onnx`. */
  readonly frameworkName: string;
  /** Package name to version. */
  readonly frameworkVersions: Readonly<Record<string, string>>;
  /** Version of the package that saved the model: bentoml in Python, bentoml-core here. Empty when unknown. */
  readonly bentomlVersion: string;
  /** Empty when the model was not saved by Python. */
  readonly pythonVersion: string;
}

/** What `model.yaml` says. Unknown keys are kept in `otherKeys`. */
export interface ModelInfo {
  readonly name: string;
  readonly version: string;
  /** Such as `bentoml.onnx`. **Data from a stranger**: it is looked up among installed adapters, never imported as it is. */
  readonly module: string;
  readonly labels: Readonly<Record<string, string>>;
  /** For the adapter, in its own spelling. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly context: ModelContext;
  readonly signatures: Readonly<Record<string, ModelSignature>>;
  /** Version of the adapter's file layout, such as `v2`. */
  readonly apiVersion: string;
  /** In whole milliseconds; `creationTimeText` is finer. */
  readonly creationTime: Date;
  /** As it is written in the file: ISO-8601 in UTC with microseconds. */
  readonly creationTimeText: string;
  /** npm package that saved the model; `undefined` for models that Python saved. Data from a stranger, as `module` is. */
  readonly adapter: string | undefined;
  /** SHA-256 in hex of every file but `model.yaml`, by its path with `/`; `undefined` for models that Python saved. */
  readonly files: Readonly<Record<string, string>> | undefined;
  /** What else stands under the top-level key `node`, where `adapter` and `files` are: what Python does not know. */
  readonly node: Readonly<Record<string, unknown>>;
  /** Top-level keys that are neither Python's nor ours. */
  readonly otherKeys: Readonly<Record<string, unknown>>;
}

/** What an adapter tells when it has written a model's files. */
export interface SavedFacts {
  readonly signatures: Readonly<Record<string, ModelSignature>>;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly frameworkName: string;
  readonly frameworkVersions: Readonly<Record<string, string>>;
  /** Version of the file layout. */
  readonly apiVersion: string;
}

/** The name of the file that makes a folder a model. */
export const MODEL_YAML = "model.yaml";
