import { dtypes, type Dtype } from "bentoml-core";

/** ONNX's numbers for element types (TensorProto.DataType in onnx.proto) with their names; ours where we have them. */
const elementTypeNames: Readonly<Record<number, string>> = {
  1: "float32",
  2: "uint8",
  3: "int8",
  4: "uint16",
  5: "int16",
  6: "int32",
  7: "int64",
  8: "string",
  9: "bool",
  10: "float16",
  11: "float64",
  12: "uint32",
  13: "uint64",
  14: "complex64",
  15: "complex128",
  16: "bfloat16",
  17: "float8e4m3fn",
  18: "float8e4m3fnuz",
  19: "float8e5m2",
  20: "float8e5m2fnuz",
  21: "uint4",
  22: "int4",
  23: "float4e2m1",
};

const known: ReadonlySet<string> = new Set(dtypes);

/** The name of an ONNX element type, also of those that no NdArray can hold. */
export function elementTypeName(elementType: number): string {
  return elementTypeNames[elementType] ?? `element type ${elementType}`;
}

/** Whether an NdArray can hold elements of the type of this name. */
export function isDtype(name: string): name is Dtype {
  return known.has(name);
}
