/**
 * float16 and bfloat16 as their 16 bits. Encoding rounds the double itself to nearest, ties to even; going through float32
 * first would round twice.
 */

/** A 16-bit format: bits of the stored fraction and the exponent's bias. */
interface HalfFormat {
  readonly fractionBits: number;
  readonly bias: number;
  readonly infinity: number;
}

const FLOAT16: HalfFormat = { fractionBits: 10, bias: 15, infinity: 0x7c00 };
const BFLOAT16: HalfFormat = { fractionBits: 7, bias: 127, infinity: 0x7f80 };

const scratch = new DataView(new ArrayBuffer(8));

/** The number that the 16 bits of a float16 stand for. */
export function float16ToNumber(bits: number): number {
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  // The same number as float32: its bias is 127 and it has 13 more bits of fraction.
  scratch.setUint32(0, ((bits & 0x8000) << 16) | ((exponent + 112) << 23) | (fraction << 13));
  return scratch.getFloat32(0);
}

/** The 16 bits of the float16 nearest to `value`: Infinity from 65520 on, the quiet NaN 0x7e00 for NaN. */
export function numberToFloat16(value: number): number {
  return encode(value, FLOAT16);
}

/** The number that the 16 bits of a bfloat16 stand for: they are the upper half of a float32. */
export function bfloat16ToNumber(bits: number): number {
  scratch.setUint32(0, (bits & 0xffff) << 16);
  return scratch.getFloat32(0);
}

/** The 16 bits of the bfloat16 nearest to `value`; the quiet NaN 0x7fc0 for NaN. */
export function numberToBfloat16(value: number): number {
  return encode(value, BFLOAT16);
}

function encode(value: number, { fractionBits, bias, infinity }: HalfFormat): number {
  scratch.setFloat64(0, value);
  const high = scratch.getUint32(0);
  const sign = (high >>> 16) & 0x8000;
  const exponent = (high >>> 20) & 0x7ff;
  if (exponent === 0x7ff) return value !== value ? infinity | (1 << (fractionBits - 1)) : sign | infinity;
  // Doubles below 2^-1022 are far below half of the least subnormal of both formats.
  if (exponent === 0) return sign;
  // 21 leading bits of the significand and one that says whether anything follows, enough to round right.
  const significand = ((0x100000 | (high & 0xfffff)) << 1) | (scratch.getUint32(4) === 0 ? 0 : 1);
  const biased = exponent - 1023 + bias;
  const subnormalShift = biased < 1 ? 1 - biased : 0;
  const rounded = shiftToNearestEven(significand, 21 - fractionBits + subnormalShift);
  // The significand's leading 1 adds one to the exponent field, and a carry out of the rounding moves on into it.
  const magnitude = (Math.max(biased, 1) - 1) * 2 ** fractionBits + rounded;
  return sign | Math.min(magnitude, infinity);
}

function shiftToNearestEven(significand: number, shift: number): number {
  // The significand has 22 bits, so that less than half is left.
  if (shift > 22) return 0;
  const quotient = significand >>> shift;
  const rest = significand & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (quotient & 1) === 1) ? quotient + 1 : quotient;
}
