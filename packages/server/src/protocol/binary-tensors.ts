import type { Buffer } from "node:buffer";
import { bytesPerElement, datatypeOf, NdArray, viewOf, type Dtype } from "bentoml-core";
import { decodeElements } from "./bytes-elements.js";
import { invalidRequest, quoted } from "./invalid-request.js";
import { elementCount } from "./tensor-shape.js";

/**
 * Makes an array from a binary tensor: little-endian, row-major, nothing between the elements. The array is a view on
 * `bytes` where their address allows it, otherwise a copy.
 */
export function tensorFromBytes(input: string, dtype: Dtype, shape: readonly number[], bytes: Buffer): NdArray {
  const count = elementCount(shape);
  if (dtype === "string") return new NdArray(dtype, shape, decodeElements(input, bytes, count));
  const expected = count * bytesPerElement(dtype);
  if (bytes.length !== expected) {
    throw invalidRequest(
      `input ${quoted(input)}: shape [${shape.join(", ")}] of ${datatypeOf[dtype]} asks for ${expected} bytes, it has ${bytes.length}`,
    );
  }
  if (dtype === "bool") checkBooleans(input, bytes);
  return new NdArray(dtype, shape, viewOrCopy(dtype, bytes, count));
}

function viewOrCopy(dtype: Exclude<Dtype, "string">, bytes: Buffer, count: number): NdArray["data"] {
  if (bytes.byteOffset % bytesPerElement(dtype) === 0) {
    return viewOf(dtype, bytes.buffer as ArrayBuffer, bytes.byteOffset, count);
  }
  return viewOf(dtype, new Uint8Array(bytes).buffer, 0, count);
}

function checkBooleans(input: string, bytes: Buffer): void {
  for (let index = 0; index < bytes.length; index++) {
    if ((bytes[index] as number) > 1) {
      throw invalidRequest(`input ${quoted(input)}: element ${index} of a BOOL must be the byte 0 or 1, it is ${bytes[index]}`);
    }
  }
}
