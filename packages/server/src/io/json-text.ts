import { NdArray } from "bentoml-core";

/**
 * A value as JSON. Arrays of numbers, also typed ones and NdArrays, are lists; bigints have all their digits where a reader keeps them,
 * else they are refused, as NaN and infinities are: JSON has none, and `null` would be another value.
 *
 * @throws TypeError that names the key.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, plainValue) as string | undefined;
  if (text === undefined) throw new TypeError(`${typeof value} has no JSON form`);
  return text;
}

function plainValue(key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`${String(value)}${placeOf(key)} has no JSON form`);
  if (typeof value === "bigint") return numberOf(value, key);
  if (NdArray.isNdArray(value)) return value.toNested();
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as unknown as ArrayLike<unknown>);
  return value;
}

function numberOf(value: bigint, key: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new TypeError(`${value}${placeOf(key)} is beyond the integers that JSON readers keep: give it as text`);
}

function placeOf(key: string): string {
  return key === "" ? "" : ` at ${JSON.stringify(key)}`;
}
