import type { Dtype } from "./dtype.js";
import { numberToBfloat16, numberToFloat16 } from "./half-precision.js";
import { integerRange } from "./integer-range.js";

/** Turns one plain value into what the dtype's data holds; undefined when the value does not fit. */
export type ConvertElement = (value: unknown) => number | bigint | string | undefined;

/**
 * How plain values become elements: numbers round to the nearest float, but must fit an integer dtype exactly; booleans are 0
 * and 1; bigints must be safe integers to become numbers. Nothing overflows to Infinity.
 */
export function elementConverter(dtype: Dtype): ConvertElement {
  switch (dtype) {
    case "string":
      return (value) => (typeof value === "string" ? value : undefined);
    case "bool":
      return truth;
    case "int64":
    case "uint64":
      return wideInteger(integerRange(dtype) as readonly [bigint, bigint]);
    case "float64":
      return toNumber;
    case "float32":
      return (value) => finiteStays(toNumber(value), Math.fround);
    case "float16":
      return (value) => halfBits(toNumber(value), numberToFloat16, 0x7c00);
    case "bfloat16":
      return (value) => halfBits(toNumber(value), numberToBfloat16, 0x7f80);
    default:
      return smallInteger(integerRange(dtype) as readonly [bigint, bigint]);
  }
}

/** What the dtype takes, for error messages. */
export function takes(dtype: Dtype): string {
  const range = integerRange(dtype);
  if (range !== undefined) return `integers from ${String(range[0])} to ${String(range[1])}`;
  if (dtype === "string") return "strings";
  if (dtype === "bool") return "booleans, 0 and 1";
  return "numbers within its range";
}

function truth(value: unknown): number | undefined {
  if (value === true || value === 1 || value === 1n) return 1;
  return value === false || value === 0 || value === 0n ? 0 : undefined;
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "bigint") return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

function smallInteger([least, greatest]: readonly [bigint, bigint]): ConvertElement {
  const from = Number(least);
  const to = Number(greatest);
  return (value) => {
    const number = toNumber(value);
    return number !== undefined && Number.isInteger(number) && number >= from && number <= to ? number : undefined;
  };
}

function wideInteger([least, greatest]: readonly [bigint, bigint]): ConvertElement {
  return (value) => {
    if (typeof value === "bigint") return value >= least && value <= greatest ? value : undefined;
    const number = toNumber(value);
    return number !== undefined && Number.isSafeInteger(number) && number >= Number(least) ? BigInt(number) : undefined;
  };
}

function finiteStays(value: number | undefined, round: (value: number) => number): number | undefined {
  if (value === undefined) return undefined;
  const rounded = round(value);
  return Number.isFinite(rounded) || !Number.isFinite(value) ? rounded : undefined;
}

function halfBits(value: number | undefined, encode: (value: number) => number, infinity: number): number | undefined {
  if (value === undefined) return undefined;
  const bits = encode(value);
  return (bits & 0x7fff) !== infinity || !Number.isFinite(value) ? bits : undefined;
}
