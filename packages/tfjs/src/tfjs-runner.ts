import type { RunnerMethod, TypedRunner } from "bentoml-core";
import type { ModelTypes, TfjsArguments, TfjsResult } from "./model-types.js";

/** Takes arrays, tensors and lists; resolves to the only output, or a record by output name. */
export type TfjsMethod<Types extends ModelTypes = ModelTypes> = RunnerMethod<TfjsArguments<Types>, TfjsResult<Types>>;

/** A runner of a TensorFlow.js model. Other signatures of a SavedModel are in `methods`, by their names. */
export type TfjsRunner<Types extends ModelTypes = ModelTypes> = TypedRunner<{ readonly run: TfjsMethod<Types> }> & {
  readonly methods: Readonly<Record<string, TfjsMethod>>;
};
