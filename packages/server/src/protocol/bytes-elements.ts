import { Buffer, isUtf8 } from "node:buffer";
import { invalidRequest, quoted } from "./invalid-request.js";

/** Bytes of the little-endian length in front of each element. */
const LENGTH_BYTES = 4;
const REPLACEMENT = "\ufffd";

/** Reads `count` elements of a binary BYTES tensor (uint32 length, then UTF-8); together they must fill `bytes`. */
export function decodeElements(input: string, bytes: Buffer, count: number): string[] {
  if (count * LENGTH_BYTES > bytes.length) {
    throw invalidRequest(`input ${quoted(input)}: its shape asks for ${count} BYTES elements, its ${bytes.length} bytes cannot hold them`);
  }
  const elements: string[] = [];
  let position = 0;
  for (let index = 0; index < count; index++) {
    const start = position + LENGTH_BYTES;
    const end = start <= bytes.length ? start + bytes.readUInt32LE(position) : start;
    if (end > bytes.length) {
      throw invalidRequest(`input ${quoted(input)}: BYTES element ${index} ends after the input's ${bytes.length} bytes`);
    }
    elements.push(decodeText(input, index, bytes.subarray(start, end)));
    position = end;
  }
  if (position !== bytes.length) {
    throw invalidRequest(`input ${quoted(input)}: ${bytes.length - position} bytes are left after its ${count} BYTES elements`);
  }
  return elements;
}

/** One element as text. This server holds BYTES as text, so bytes that are no UTF-8 are refused, never changed. */
export function decodeText(input: string, index: number, bytes: Buffer): string {
  const text = bytes.toString("utf8");
  if (text.includes(REPLACEMENT) && !isUtf8(bytes)) {
    throw invalidRequest(`input ${quoted(input)}: BYTES element ${index} is not UTF-8; encode other bytes, for example as base64`);
  }
  return text;
}

/** The binary form of BYTES elements. */
export function encodeElements(elements: readonly string[]): Buffer {
  let size = 0;
  for (const element of elements) size += LENGTH_BYTES + Buffer.byteLength(element);
  const bytes = Buffer.allocUnsafe(size);
  let position = 0;
  for (const element of elements) {
    const length = bytes.write(element, position + LENGTH_BYTES);
    bytes.writeUInt32LE(length, position);
    position += LENGTH_BYTES + length;
  }
  return bytes;
}
