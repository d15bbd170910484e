import { NdArray } from "bentoml-core";
import { isPlainRecord } from "./difference.js";

/** A typed array, or the texts of a string array or list, in a value. */
export interface FoundArray {
  /** Such as `.sum.data`; empty for the value itself. */
  readonly path: string;
  readonly data: Exclude<NdArray["data"], string[]> | unknown[];
}

/** Everything in a value that holds elements and could be written over: at any depth of lists, records and objects with data. */
export function* arraysIn(value: unknown, path: string = ""): Generator<FoundArray> {
  if (ArrayBuffer.isView(value)) {
    if (!(value instanceof DataView)) yield { path, data: value as Uint8Array };
  } else if (NdArray.isNdArray(value)) {
    yield { path: `${path}.data`, data: value.data };
  } else if (Array.isArray(value)) {
    yield { path, data: value };
    for (const [index, item] of value.entries()) yield* arraysIn(item, `${path}[${index}]`);
  } else if (isPlainRecord(value)) {
    for (const [name, item] of Object.entries(value)) yield* arraysIn(item, `${path}.${name}`);
  }
}

/** Changes every number, text and truth value that a value's arrays hold. */
export function overwrite(value: unknown): void {
  for (const { data } of [...arraysIn(value)]) {
    const elements = data as unknown[];
    for (let index = 0; index < elements.length; index++) elements[index] = changed(elements[index]);
  }
}

function changed(element: unknown): unknown {
  switch (typeof element) {
    case "number":
      // 0 and 1 only, so that a bool array stays one.
      return element === 0 || Number.isNaN(element) ? 1 : 0;
    case "bigint":
      return element === 0n ? 1n : 0n;
    case "string":
      return `${element} overwritten`;
    case "boolean":
      return !element;
    default:
      return element;
  }
}

/** Bytes of the typed arrays in a value. */
export function bytesIn(value: unknown): number {
  let bytes = 0;
  for (const { data } of arraysIn(value)) if (ArrayBuffer.isView(data)) bytes += data.byteLength;
  return bytes;
}
