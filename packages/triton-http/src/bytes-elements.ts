import { Buffer, isUtf8 } from "node:buffer";
import { InvalidArgumentError } from "bentoml-core";
import { badReply } from "./server-errors.js";

/** Bytes of the little-endian length in front of each element. */
const LENGTH_BYTES = 4;

/** The binary form of BYTES elements: each after its length. */
export function encodeElements(elements: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const element of elements) size += LENGTH_BYTES + element.byteLength;
  const bytes = Buffer.alloc(size);
  let position = 0;
  for (const element of elements) {
    bytes.writeUInt32LE(element.byteLength, position);
    bytes.set(element, position + LENGTH_BYTES);
    position += LENGTH_BYTES + element.byteLength;
  }
  return bytes;
}

/** The elements of a binary BYTES output, each with memory of its own; together they must fill `bytes`. */
export function decodeElements(output: string, bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elements: Uint8Array[] = [];
  let position = 0;
  while (position < bytes.byteLength) {
    const start = position + LENGTH_BYTES;
    const end = start <= bytes.byteLength ? start + view.getUint32(position, true) : Infinity;
    if (end > bytes.byteLength) throw badReply(`BYTES element ${elements.length} of output "${output}" ends after its ${bytes.byteLength} bytes`);
    elements.push(new Uint8Array(bytes.subarray(start, end)));
    position = end;
  }
  return elements;
}

/** @throws InvalidArgumentError for bytes that are not UTF-8, which would not come through as text. */
export function textOf(output: string, index: number, bytes: Uint8Array): string {
  if (isUtf8(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  throw new InvalidArgumentError(`BYTES element ${index} of output "${output}" is not UTF-8: read it with asBytes("${output}").`);
}
