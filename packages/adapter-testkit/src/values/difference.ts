import { isDeepStrictEqual } from "node:util";
import { NdArray, bfloat16ToNumber, float16ToNumber } from "bentoml-core";

/**
 * Where a value is not the expected one, in words; undefined when they agree. NdArrays agree in dtype, shape and elements;
 * nested lists stand for an NdArray of any dtype. Numbers may differ by `tolerance`, or by `tolerance` times the expected
 * one where that is larger than 1; NaN is NaN.
 */
export function differenceOf(actual: unknown, expected: unknown, tolerance: number = 0, path: string = "the result"): string | undefined {
  if (NdArray.isNdArray(expected)) return arrayDifference(actual, expected, tolerance, path);
  if (Array.isArray(expected)) return listDifference(NdArray.isNdArray(actual) ? actual.toNested() : actual, expected, tolerance, path);
  if (ArrayBuffer.isView(expected)) return viewDifference(actual, expected, tolerance, path);
  if (isPlainRecord(expected)) return recordDifference(actual, expected, tolerance, path);
  if (typeof expected === "number" && typeof actual === "number") {
    return isNear(actual, expected, tolerance) ? undefined : `${path} is ${actual}, expected ${expected}${within(tolerance)}`;
  }
  return isDeepStrictEqual(actual, expected) ? undefined : `${path} is ${brief(actual)}, expected ${brief(expected)}`;
}

function arrayDifference(actual: unknown, expected: NdArray, tolerance: number, path: string): string | undefined {
  if (!NdArray.isNdArray(actual)) return `${path} is ${brief(actual)}, expected an NdArray of ${expected.dtype} [${expected.shape.join(", ")}]`;
  if (actual.dtype !== expected.dtype) return `${path} has dtype ${actual.dtype}, expected ${expected.dtype}`;
  if (!isDeepStrictEqual([...actual.shape], [...expected.shape])) {
    return `${path} has shape [${actual.shape.join(", ")}], expected [${expected.shape.join(", ")}]`;
  }
  return listDifference(elementsOf(actual), elementsOf(expected), tolerance, `${path}.data`);
}

/** The elements as numbers, bigints or strings, in a plain list. */
function elementsOf({ dtype, data }: NdArray): unknown[] {
  const elements: unknown[] = Array.from(data as ArrayLike<unknown>);
  if (dtype === "float16") return elements.map((bits) => float16ToNumber(bits as number));
  if (dtype === "bfloat16") return elements.map((bits) => bfloat16ToNumber(bits as number));
  return elements;
}

function viewDifference(actual: unknown, expected: ArrayBufferView, tolerance: number, path: string): string | undefined {
  const wanted = expected.constructor.name;
  if (!ArrayBuffer.isView(actual) || actual.constructor !== expected.constructor) return `${path} is ${brief(actual)}, expected a ${wanted}`;
  if (expected instanceof DataView) return isDeepStrictEqual(actual, expected) ? undefined : `${path} has other bytes than expected`;
  return listDifference(Array.from(actual as Uint8Array), Array.from(expected as Uint8Array), tolerance, path);
}

function listDifference(actual: unknown, expected: readonly unknown[], tolerance: number, path: string): string | undefined {
  if (!Array.isArray(actual)) return `${path} is ${brief(actual)}, expected a list of ${expected.length}`;
  if (actual.length !== expected.length) return `${path} has ${actual.length} elements, expected ${expected.length}`;
  for (const [index, wanted] of expected.entries()) {
    const difference = differenceOf(actual[index], wanted, tolerance, `${path}[${index}]`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function recordDifference(actual: unknown, expected: Readonly<Record<string, unknown>>, tolerance: number, path: string): string | undefined {
  if (!isPlainRecord(actual)) return `${path} is ${brief(actual)}, expected a record of ${Object.keys(expected).join(", ")}`;
  const names = Object.keys(actual).sort().join(", ");
  const wanted = Object.keys(expected).sort().join(", ");
  if (names !== wanted) return `${path} has the names ${names}, expected ${wanted}`;
  for (const [name, value] of Object.entries(expected)) {
    const difference = differenceOf(actual[name], value, tolerance, `${path}.${name}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isNear(actual: number, expected: number, tolerance: number): boolean {
  return Object.is(actual, expected) || actual === expected || Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));
}

function within(tolerance: number): string {
  return tolerance === 0 ? "" : ` within ${tolerance}`;
}

export function isPlainRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function brief(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (NdArray.isNdArray(value)) return value.toString();
  if (typeof value === "object" && value !== null) return `an instance of ${value.constructor.name}`;
  return typeof value === "function" ? "a function" : String(value);
}
