import { InvalidArgumentError } from "../errors/index.js";
import { shownJson } from "./shown-json.js";

interface TypedArrayClass {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): ArrayBufferView;
  readonly BYTES_PER_ELEMENT: number;
}

const CLASS_NAMES: ReadonlySet<string> = new Set([
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "BigInt64Array",
  "BigUint64Array",
  "Float16Array",
  "Float32Array",
  "Float64Array",
]);

/**
 * A typed array of the class, as a view on the bytes where their address allows it.
 *
 * @throws InvalidArgumentError for another class, one that this Node has not (Float16Array), or a part of an element.
 */
export function readTypedArray(className: unknown, bytes: Uint8Array): ArrayBufferView {
  const name = String(className);
  const arrayClass = CLASS_NAMES.has(name) ? (globalThis as unknown as Record<string, TypedArrayClass | undefined>)[name] : undefined;
  if (arrayClass === undefined) {
    throw new InvalidArgumentError(`A payload holds a typed array of class ${shownJson(className)}, which this Node does not have.`);
  }
  const width = arrayClass.BYTES_PER_ELEMENT;
  if (bytes.byteLength % width !== 0) {
    throw new InvalidArgumentError(`A ${name} in a payload has ${String(bytes.byteLength)} bytes, which is no multiple of ${String(width)}.`);
  }
  const aligned = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
  return new arrayClass(aligned.buffer, aligned.byteOffset, aligned.byteLength / width);
}
