import type { Dtype } from "../ndarray/index.js";

/** A tensor datatype as the Open Inference Protocol spells it. BF16 is Triton's addition. FP16 and BF16 travel as binary only. */
export type Datatype =
  | "BOOL"
  | "UINT8"
  | "UINT16"
  | "UINT32"
  | "UINT64"
  | "INT8"
  | "INT16"
  | "INT32"
  | "INT64"
  | "FP16"
  | "BF16"
  | "FP32"
  | "FP64"
  | "BYTES";

/** The protocol's name of each dtype. */
export const datatypeOf: Readonly<Record<Dtype, Datatype>> = {
  bool: "BOOL",
  uint8: "UINT8",
  uint16: "UINT16",
  uint32: "UINT32",
  uint64: "UINT64",
  int8: "INT8",
  int16: "INT16",
  int32: "INT32",
  int64: "INT64",
  float16: "FP16",
  bfloat16: "BF16",
  float32: "FP32",
  float64: "FP64",
  string: "BYTES",
};

const dtypeByDatatype: ReadonlyMap<unknown, Dtype> = new Map(
  Object.entries(datatypeOf).map(([dtype, datatype]) => [datatype, dtype as Dtype]),
);

/** The dtype that a `datatype` of the protocol names, undefined when it names none. */
export function dtypeOfDatatype(datatype: unknown): Dtype | undefined {
  return dtypeByDatatype.get(datatype);
}

/** All datatypes, for messages. */
export const datatypeNames: string = Object.values(datatypeOf).join(", ");
