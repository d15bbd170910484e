import type { TensorSpec } from "../ndarray/index.js";

/** One method of a model that a runner can call. */
export interface ModelSignature {
  /** Whether calls may be joined into batches. */
  readonly batchable: boolean;
  /** The dim along which inputs are joined, and the one along which outputs are split. `[0, 0]` unless told. */
  readonly batchDim: readonly [number, number];
  /** In the order of positional arguments. Left out when it is not known. */
  readonly inputSpec?: readonly TensorSpec[];
  /** In the model's order. Left out when it is not known. */
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
  /** Name of the model's tag. */
  readonly name: string;
  /** Version of the model's tag. */
  readonly version: string;
  /** Such as `bentoml.onnx`. **Data from a stranger**: it is looked up among installed adapters, never imported as it is. */
  readonly module: string;
  /** For people and for filters; text by text. */
  readonly labels: Readonly<Record<string, string>>;
  /** For the adapter, in its own spelling. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Whatever the one who saved the model noted about it: plain data. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** With what the model was saved. */
  readonly context: ModelContext;
  /** The methods that a runner of the model has, by name. */
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
  /** The methods that a runner of the model has, by name. */
  readonly signatures: Readonly<Record<string, ModelSignature>>;
  /** What the adapter needs to open the model again; plain data. Default none. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Such as "onnx". */
  readonly frameworkName: string;
  /** Version of each package of the framework, by the package's name. */
  readonly frameworkVersions: Readonly<Record<string, string>>;
  /** Version of the file layout. */
  readonly apiVersion: string;
}

/** The name of the file that makes a folder a model. */
export const MODEL_YAML = "model.yaml";
