import type { NamedTensorMap } from "@tensorflow/tfjs-core";

/** One input or output of a signature, as tfjs-node describes it. */
export interface NativeTensorInfo {
  /** TensorFlow's type, such as `DT_FLOAT`. */
  readonly tfDtype: string;
  /** Of each dim a number, or protobuf's own object with the size in it, by version. */
  readonly shape?: readonly unknown[];
}

export interface NativeSignature {
  readonly inputs: Readonly<Record<string, NativeTensorInfo>>;
  readonly outputs: Readonly<Record<string, NativeTensorInfo>>;
}

/** A graph of a SavedModel with its tags, such as `["serve"]`. */
export interface NativeMetaGraph {
  readonly tags: readonly string[];
  readonly signatureDefs: Readonly<Record<string, NativeSignature>>;
}

/** One signature of a SavedModel, ready to run: tfjs-node's `TFSavedModel`. */
export interface NativeSavedModel {
  /** Of a record by input name, a record by output name. */
  predict(inputs: NamedTensorMap): NamedTensorMap;
  /** Frees the native memory. */
  dispose(): void;
}

/** The part of tfjs-node's namespace `node` that reads SavedModels. */
export interface NativeSavedModels {
  getMetaGraphsFromSavedModel(path: string): Promise<readonly NativeMetaGraph[]>;
  loadSavedModel(path: string, tags: string[], signature: string): Promise<NativeSavedModel>;
}
