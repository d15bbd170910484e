import type { Dtype, DtypeData } from "./dtype.js";
import { integerRange, roundToNearestEven } from "./integer-range.js";

/**
 * The loops of `cast` over elements that are numbers or bigints. "Changes" gives the place of the first element whose value
 * would change, or -1. A typed array converts on assignment, so writing a value and reading it back tells whether it fits.
 */

export type NumberData = Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;
export type BigintData = BigInt64Array | BigUint64Array;

/** @returns place of the first element that does not fit, or -1 */
export function castNumbers(dtype: Dtype, source: NumberData, target: DtypeData<Dtype>): number {
  if (dtype === "int64" || dtype === "uint64") return numbersToBigints(source, target as BigintData);
  const numbers = target as NumberData;
  numbers.set(source);
  return dtype === "bool" ? firstNotTruth(source) : firstDifference(source, numbers);
}

/** Place of the first element that differs, or -1; NaN equals NaN, -0 equals 0. */
export function firstDifference(left: NumberData, right: NumberData): number {
  for (let index = 0; index < left.length; index++) {
    const value = left[index] as number;
    const other = right[index] as number;
    if (value !== other && (value === value || other === other)) return index;
  }
  return -1;
}

function firstNotTruth(numbers: NumberData): number {
  for (let index = 0; index < numbers.length; index++) if (numbers[index] !== 0 && numbers[index] !== 1) return index;
  return -1;
}

function numbersToBigints(source: NumberData, target: BigintData): number {
  for (let index = 0; index < source.length; index++) {
    const value = source[index] as number;
    // A larger double stands for a range of integers, so which one was meant is not known.
    if (!Number.isSafeInteger(value)) return index;
    const written = BigInt(value);
    target[index] = written;
    if (target[index] !== written) return index;
  }
  return -1;
}

/** @returns place of the first element that does not fit, or -1 */
export function castBigints(dtype: Dtype, source: BigintData, target: DtypeData<Dtype>): number {
  if (dtype === "int64" || dtype === "uint64") {
    const bigints = target as BigintData;
    for (let index = 0; index < source.length; index++) {
      bigints[index] = source[index] as bigint;
      if (bigints[index] !== source[index]) return index;
    }
    return -1;
  }
  const numbers = target as NumberData;
  const greatest = dtype === "bool" ? 1 : Infinity;
  for (let index = 0; index < source.length; index++) {
    const value = Number(source[index]);
    numbers[index] = value;
    if (!Number.isSafeInteger(value) || numbers[index] !== value || value > greatest) return index;
  }
  return -1;
}

/** Nearest values of the dtype: see `CastOptions.lossy`. */
export function clampNumbers(dtype: Dtype, source: NumberData, target: DtypeData<Dtype>): void {
  const range = integerRange(dtype);
  const numbers = target as NumberData;
  if (dtype === "bool") {
    for (let index = 0; index < source.length; index++) numbers[index] = source[index] === 0 ? 0 : 1;
  } else if (range === undefined) {
    numbers.set(source);
  } else if (dtype === "int64" || dtype === "uint64") {
    const bigints = target as BigintData;
    for (let index = 0; index < source.length; index++) bigints[index] = nearestBigint(source[index] as number, range);
  } else {
    const least = Number(range[0]);
    const greatest = Number(range[1]);
    for (let index = 0; index < source.length; index++) {
      numbers[index] = Math.min(Math.max(roundToNearestEven(source[index] as number), least), greatest);
    }
  }
}

function nearestBigint(value: number, [least, greatest]: readonly [bigint, bigint]): bigint {
  const rounded = roundToNearestEven(value);
  if (rounded >= Number(greatest)) return greatest;
  if (rounded <= Number(least)) return least;
  return BigInt(rounded);
}

/** Nearest values of the dtype: see `CastOptions.lossy`. */
export function clampBigints(dtype: Dtype, source: BigintData, target: DtypeData<Dtype>): void {
  const range = integerRange(dtype);
  if (dtype === "bool") {
    for (let index = 0; index < source.length; index++) (target as Uint8Array)[index] = source[index] === 0n ? 0 : 1;
  } else if (range === undefined) {
    for (let index = 0; index < source.length; index++) (target as Float64Array)[index] = Number(source[index]);
  } else {
    const [least, greatest] = range;
    const wide = dtype === "int64" || dtype === "uint64";
    for (let index = 0; index < source.length; index++) {
      const value = source[index] as bigint;
      const clamped = value < least ? least : value > greatest ? greatest : value;
      if (wide) (target as BigintData)[index] = clamped;
      else (target as NumberData)[index] = Number(clamped);
    }
  }
}
