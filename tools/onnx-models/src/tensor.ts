import { endianness } from "node:os";
import type { DataType } from "./data-type.js";
import type { Tensor } from "./onnx-model.js";

/** A float32 constant; `values` in row-major order, as many as the dimensions' product. */
export function float32Tensor(
  name: string,
  dimensions: readonly number[],
  values: Float32Array,
): Tensor {
  return numericTensor(name, "float32", dimensions, values);
}

/** An int64 constant; `values` in row-major order, as many as the dimensions' product. */
export function int64Tensor(
  name: string,
  dimensions: readonly number[],
  values: readonly number[],
): Tensor {
  return numericTensor(name, "int64", dimensions, BigInt64Array.from(values, BigInt));
}

/** A bool constant; ONNX keeps each truth value in one byte. */
export function boolTensor(
  name: string,
  dimensions: readonly number[],
  values: readonly boolean[],
): Tensor {
  return numericTensor(name, "bool", dimensions, Uint8Array.from(values, Number));
}

/** A string constant; `values` in row-major order, as many as the dimensions' product. */
export function stringTensor(
  name: string,
  dimensions: readonly number[],
  values: readonly string[],
): Tensor {
  checkElementCount(name, dimensions, values.length);
  return { name, dataType: "string", dimensions, data: values };
}

function numericTensor(
  name: string,
  dataType: DataType,
  dimensions: readonly number[],
  values: Float32Array | BigInt64Array | Uint8Array,
): Tensor {
  checkElementCount(name, dimensions, values.length);
  return { name, dataType, dimensions, data: bytesOf(values) };
}

function checkElementCount(name: string, dimensions: readonly number[], count: number): void {
  const expected = dimensions.reduce((product, dimension) => product * dimension, 1);
  if (expected !== count) {
    throw new RangeError(
      `Tensor ${name} of shape [${dimensions.join(", ")}] needs ${expected} elements, got ${count}.`,
    );
  }
}

/** A view, not a copy: the weights of the large models take many megabytes. */
function bytesOf(values: ArrayBufferView): Uint8Array {
  if (endianness() !== "LE") {
    throw new Error("ONNX keeps raw data in little-endian order, which this machine does not use.");
  }
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
