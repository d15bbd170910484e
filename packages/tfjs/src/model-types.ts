import type { Dtype, DtypeData, NamedTensors, NdArray, Params } from "bentoml-core";
import type { Models } from "./index.js";
import type { TfTensor } from "./tensor.js";

/** Names and dtypes of a model's inputs and outputs, as `bentoml types` writes them. */
export interface ModelTypes {
  /** Dtype of each input by its name. */
  readonly inputs: Readonly<Record<string, Dtype>>;
  /** Dtype of each output by its name. */
  readonly outputs: Readonly<Record<string, Dtype>>;
  /** The inputs in the model's order, for positional arguments; needed where there are several. */
  readonly inputOrder?: readonly string[];
}

/** The types of the model of this tag: its own where `Models` has it, otherwise general ones. */
export type ModelTypesOf<TagText> = TagText extends keyof Models ? (Models[TagText] extends ModelTypes ? Models[TagText] : ModelTypes) : ModelTypes;

interface LosslessCasts {
  readonly bool: "bool";
  readonly uint8: "uint8" | "bool";
  readonly int32: "int32" | "int16" | "int8" | "uint16" | "uint8" | "bool";
  /** Numbers from 0 to 2147483647, which is checked when it is called. */
  readonly int64: "int64" | LosslessCasts["int32"];
  readonly float32: "float32" | "float16" | "bfloat16" | "int16" | "int8" | "uint16" | "uint8" | "bool";
  readonly string: "string";
}

type CastsTo<D extends Dtype> = D extends keyof LosslessCasts ? LosslessCasts[D] : Dtype;

type Scalar<D extends Dtype> = D extends "string" ? string : D extends "bool" ? boolean : D extends "int64" ? number | bigint : number;

type Nested<Value> = Value | readonly Nested<Value>[];

type ArrayOf<D extends Dtype> = D extends Dtype ? NdArray<D> : never;

type TypedArrayOf<D extends Dtype> = D extends "string" ? never : DtypeData<D>;

/**
 * What may be given for an input of this dtype: an array of it or of one that casts to it without loss, a tensor, a typed array (its
 * shape is the input's, where at most one size is open), or nested lists.
 */
export type TensorInput<D extends Dtype = Dtype> = AnyArray<D> | (D extends Dtype ? ArrayOf<CastsTo<D>> | TypedArrayOf<CastsTo<D>> | TfTensor | Nested<Scalar<D>> | { toNdArray(): NdArray } : never);

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

/** One argument per input in the model's order, one record by input name, or `kwargs(record)`. */
export type TfjsArguments<Types extends ModelTypes = ModelTypes> = Positional<Types> | readonly [ByName<Types>] | readonly [Params];

/** The only output, or a record by output name. */
export type TfjsResult<Types extends ModelTypes = ModelTypes> = string extends keyof Types["outputs"]
  ? NdArray | NamedTensors
  : [OnlyKey<keyof Types["outputs"]>] extends [never]
    ? { readonly [Name in keyof Types["outputs"]]: NdArray<Types["outputs"][Name]> }
    : NdArray<Types["outputs"][keyof Types["outputs"]]>;
