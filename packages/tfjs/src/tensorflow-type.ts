import type { Dtype } from "bentoml-core";

/** TensorFlow's types that tfjs-node takes from and gives to a SavedModel (4.22). */
const savedModelTypes: Readonly<Record<string, Dtype>> = {
  DT_FLOAT: "float32",
  DT_INT32: "int32",
  DT_INT64: "int64",
  DT_UINT8: "uint8",
  DT_BOOL: "bool",
  DT_STRING: "string",
};

/** What graph models compute with where TensorFlow had the type: they know float32, int32, bool and string. */
const graphTypes: Readonly<Record<string, Dtype>> = {
  ...savedModelTypes,
  DT_HALF: "float32",
  DT_DOUBLE: "float32",
  DT_INT8: "int32",
  DT_INT64: "int32",
  DT_UINT8: "int32",
};

/** The dtype of a SavedModel's input or output; the type's own name where there is none. */
export function savedModelDtype(type: string): string {
  return savedModelTypes[type] ?? type;
}

/** The dtype of a graph model's input or output; the type's own name where there is none. */
export function graphDtype(type: string): string {
  return graphTypes[type] ?? type;
}
