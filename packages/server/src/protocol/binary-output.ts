import type { NdArray } from "bentoml-core";
import { encodeElements } from "./bytes-elements.js";

/** The bytes of a binary output. A view on the array where it can be: copy it before the array's memory is used again. */
export function binaryBytes(array: NdArray): Uint8Array {
  if (array.dtype === "string") return encodeElements(array.data as string[]);
  const data = array.data as Exclude<NdArray["data"], string[]>;
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
