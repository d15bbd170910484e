import type { Dtype, DtypeData, NamedTensors, NdArray, Params, RunnerMethod, TypedRunner } from "bentoml-core";
import type { TfTensor } from "./tensor.js";

type Nested = number | bigint | boolean | string | readonly Nested[];

/** What may be given for an input: an array, a tensor, a typed array (its shape is the input's, where at most one size is open), or nested lists. */
export type TensorInput = NdArray | TfTensor | Exclude<DtypeData<Dtype>, string[]> | Nested | { toNdArray(): NdArray };

/** One argument per input in the model's order, one record by input name, or `kwargs(record)`. */
export type TfjsArguments = readonly TensorInput[] | readonly [Readonly<Record<string, TensorInput>>] | readonly [Params];

/** Resolves to the only output, or a record by output name. */
export type TfjsMethod = RunnerMethod<TfjsArguments, NdArray | NamedTensors>;

/** A runner of a TensorFlow.js model. Other signatures of a SavedModel are in `methods`, by their names. */
export type TfjsRunner = TypedRunner<{ readonly run: TfjsMethod }> & { readonly methods: Readonly<Record<string, TfjsMethod>> };
