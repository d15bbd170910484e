import { InvalidArgumentError } from "../errors/index.js";
import { bytesPerElement, isDtype, NdArray, viewOf, type Dtype, type DtypeData } from "../ndarray/index.js";
import type { JsonValue } from "./payload.js";
import { shownJson } from "./shown-json.js";
import { decodeStrings, encodeStrings } from "./string-bytes.js";

/** Buffers that an array of the dtype takes: strings need a second one, for where each begins. */
export function buffersOf(dtype: Dtype): number {
  return dtype === "string" ? 2 : 1;
}

/** The bytes of an array: a view on its data, or strings as offsets and UTF-8. */
export function encodeArray({ dtype, data }: NdArray): Uint8Array[] {
  if (dtype === "string") return encodeStrings(data as string[]);
  const { buffer, byteOffset, byteLength } = data as Exclude<DtypeData<Dtype>, string[]>;
  return [new Uint8Array(buffer, byteOffset, byteLength)];
}

/**
 * The array that `encodeArray` took apart, as a view on the bytes where their address allows it. The dtype and shape may come
 * from a stranger and are checked.
 */
export function decodeArray(dtype: JsonValue | undefined, shape: JsonValue | undefined, buffers: readonly Uint8Array[]): NdArray {
  if (!isDtype(dtype)) throw new InvalidArgumentError(`A payload names the unknown dtype ${shownJson(dtype)}.`);
  const dims = checkedShape(shape);
  if (buffers.length !== buffersOf(dtype)) {
    throw new InvalidArgumentError(`A payload of ${dtype} needs ${String(buffersOf(dtype))} buffers, but has ${String(buffers.length)}.`);
  }
  return new NdArray(dtype, dims, dtype === "string" ? decodeStrings(buffers) : readElements(dtype, buffers[0] as Uint8Array));
}

/** Most dims of an array on the wire. */
const MOST_DIMS = 32;

function checkedShape(shape: JsonValue | undefined): number[] {
  const valid = Array.isArray(shape) && shape.length <= MOST_DIMS && shape.every((dim) => typeof dim === "number");
  if (!valid) throw new InvalidArgumentError(`A payload's shape must be at most ${String(MOST_DIMS)} numbers, not ${shownJson(shape)}.`);
  return shape;
}

function readElements(dtype: Dtype, bytes: Uint8Array): DtypeData<Dtype> {
  const width = bytesPerElement(dtype);
  if (bytes.byteLength % width !== 0) {
    throw new InvalidArgumentError(`A payload of ${dtype} has ${String(bytes.byteLength)} bytes, which is no multiple of ${String(width)}.`);
  }
  if (dtype === "bool") checkTruths(bytes);
  const length = bytes.byteLength / width;
  if (bytes.byteOffset % width === 0) return viewOf(dtype, bytes.buffer, bytes.byteOffset, length);
  return viewOf(dtype, new Uint8Array(bytes).buffer, 0, length);
}

function checkTruths(bytes: Uint8Array): void {
  for (let index = 0; index < bytes.length; index++) {
    if ((bytes[index] as number) > 1) {
      throw new InvalidArgumentError(`Element ${String(index)} of a bool payload is the byte ${String(bytes[index])}, but must be 0 or 1.`);
    }
  }
}
