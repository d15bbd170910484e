import type { Dtype } from "./dtype.js";

const integerBits: Readonly<Partial<Record<Dtype, { readonly bits: number; readonly signed: boolean }>>> = {
  int8: { bits: 8, signed: true },
  int16: { bits: 16, signed: true },
  int32: { bits: 32, signed: true },
  int64: { bits: 64, signed: true },
  uint8: { bits: 8, signed: false },
  uint16: { bits: 16, signed: false },
  uint32: { bits: 32, signed: false },
  uint64: { bits: 64, signed: false },
};

/** Least and greatest value of an integer dtype; undefined for the others. */
export function integerRange(dtype: Dtype): readonly [least: bigint, greatest: bigint] | undefined {
  const format = integerBits[dtype];
  if (format === undefined) return undefined;
  const { bits, signed } = format;
  return signed ? [-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n] : [0n, (1n << BigInt(bits)) - 1n];
}

/** The nearest integer, ties to even; NaN is 0. Infinities stay. */
export function roundToNearestEven(value: number): number {
  if (value !== value) return 0;
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest > 0.5 || (rest === 0.5 && floor % 2 !== 0)) return floor + 1;
  return floor;
}
