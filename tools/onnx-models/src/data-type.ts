/**
 * The element types of tensors, by the names that onnxruntime-node gives them,
 * with their numbers in ONNX's `TensorProto.DataType`.
 */
export const dataTypeNumbers = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
} as const;

export type DataType = keyof typeof dataTypeNumbers;

/** Every element type that onnxruntime-node accepts as an input. */
export const dataTypes: readonly DataType[] = Object.keys(dataTypeNumbers) as DataType[];
