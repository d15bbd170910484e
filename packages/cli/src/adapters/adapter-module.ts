import type { AnyRunner, Calibrate, ModelInfo, ModelStore, RunnerOptions, Tag } from "bentoml-core";

/** A model as an adapter opens it. Described by its shape: the adapter may have a copy of bentoml-core of its own. */
export interface OpenedModel {
  readonly tag: Tag;
  readonly info: ModelInfo;
  toRunner(options?: RunnerOptions): AnyRunner;
}

/** What an adapter's entry module exports, as far as the command line uses it. */
export interface AdapterModule {
  readonly get: (tag: Tag | string, options: { readonly store: ModelStore }) => OpenedModel;
  /** Saves files that no store made, such as an .onnx file. */
  readonly saveModel?: (name: string, path: string, options: { readonly store: ModelStore }) => Promise<OpenedModel>;
  /** TypeScript that types a model's calls by these tags; empty when nothing is known of them. */
  readonly modelTypeDeclaration?: (info: ModelInfo, tags: readonly string[]) => string;
  /** Measures a model in the settings of its engine, and keeps the best for this machine. */
  readonly calibrate?: Calibrate;
}
