import type { Dtype, DtypeData, NamedTensors, NdArray, Params, RunnerMethod, TypedRunner } from "bentoml-core";
import type { OrtTensor } from "./engine-tensor.js";
import type { Models } from "./index.js";

/** Names and dtypes of a model's inputs and outputs, as `bentoml types` writes them. */
export interface ModelTypes {
  /** Dtype of each input by its name. */
  readonly inputs: Readonly<Record<string, Dtype>>;
  /** Dtype of each output by its name. */
  readonly outputs: Readonly<Record<string, Dtype>>;
  /** The inputs in the graph's order, for positional arguments; needed where there are several. */
  readonly inputOrder?: readonly string[];
}

/** The types of the model of this tag: its own where `Models` has it, otherwise general ones. */
export type ModelTypesOf<TagText> = TagText extends keyof Models
  ? Models[TagText] extends ModelTypes
    ? Models[TagText]
    : ModelTypes
  : ModelTypes;

interface LosslessCasts {
  readonly bool: "bool";
  readonly int8: "int8" | "bool";
  readonly int16: "int16" | "int8" | "uint8" | "bool";
  readonly int32: "int32" | "int16" | "int8" | "uint16" | "uint8" | "bool";
  readonly int64: "int64" | "int32" | "int16" | "int8" | "uint32" | "uint16" | "uint8" | "bool";
  readonly uint8: "uint8" | "bool";
  readonly uint16: "uint16" | "uint8" | "bool";
  readonly uint32: "uint32" | "uint16" | "uint8" | "bool";
  readonly uint64: "uint64" | "uint32" | "uint16" | "uint8" | "bool";
  readonly float16: "float16" | "int8" | "uint8" | "bool";
  readonly bfloat16: "bfloat16" | "int8" | "uint8" | "bool";
  readonly float32: "float32" | "float16" | "bfloat16" | "int16" | "int8" | "uint16" | "uint8" | "bool";
  readonly float64: "float64" | LosslessCasts["float32"] | "int32" | "uint32";
  readonly string: "string";
}

type Scalar<D extends Dtype> = D extends "string"
  ? string
  : D extends "bool"
    ? boolean
    : D extends "int64" | "uint64"
      ? number | bigint
      : number;

type Nested<Value> = Value | readonly Nested<Value>[];

/** A Uint16Array given for half-precision numbers is their bits. */
type TypedArrayFor<D extends Dtype> = D extends "string" ? never : DtypeData<LosslessCasts[D]>;

type NdArrayFor<D extends Dtype> = D extends Dtype ? NdArray<D> : never;

/**
 * What may be given for an input of this dtype: an array of it or of one that casts to it without loss, an `ort.Tensor`,
 * a typed array (its shape is the input's, if only one length is open), or nested lists.
 */
export type TensorInput<D extends Dtype = Dtype> = AnyArray<D> | (D extends Dtype ? NdArrayFor<LosslessCasts[D]> | TypedArrayFor<D> | OrtTensor | Nested<Scalar<D>> | { toNdArray(): NdArray } : never);

/** Of a model whose dtypes are not known, also an array whose dtype is not. */
type AnyArray<D extends Dtype> = [Dtype] extends [D] ? NdArray : never;

type OnlyKey<Keys, All = Keys> = Keys extends unknown ? ([All] extends [Keys] ? Keys : never) : never;

type AnyInput<Types extends ModelTypes> = TensorInput<Types["inputs"][keyof Types["inputs"] & string]>;

type Positional<Types extends ModelTypes> = Types extends { readonly inputOrder: infer Order extends readonly string[] }
  ? { readonly [Place in keyof Order]: TensorInput<Types["inputs"][Order[Place] & string]> }
  : [OnlyKey<keyof Types["inputs"]>] extends [never]
    ? readonly [AnyInput<Types>, ...AnyInput<Types>[]]
    : string extends keyof Types["inputs"]
      ? readonly AnyInput<Types>[]
      : readonly [AnyInput<Types>];

type ByName<Types extends ModelTypes> = { readonly [Name in keyof Types["inputs"]]: TensorInput<Types["inputs"][Name]> };

/** Arguments of a model's `run`: one per input, or one record by input name, or `kwargs(record)`. */
export type RunArguments<Types extends ModelTypes> = Positional<Types> | readonly [ByName<Types>] | readonly [Params];

/** What a model's `run` resolves to: the only output, or a record by output name. */
export type RunResult<Types extends ModelTypes> = string extends keyof Types["outputs"]
  ? NdArray | NamedTensors
  : [OnlyKey<keyof Types["outputs"]>] extends [never]
    ? { readonly [Name in keyof Types["outputs"]]: NdArray<Types["outputs"][Name]> }
    : NdArray<Types["outputs"][keyof Types["outputs"]]>;

/** A runner of an ONNX model; its only method is `run`. */
export type OnnxRunner<Types extends ModelTypes = ModelTypes> = TypedRunner<{
  readonly run: RunnerMethod<RunArguments<Types>, RunResult<Types>>;
}>;
