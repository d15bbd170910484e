import { InvalidArgumentError } from "../errors/index.js";
import { describeArray, describePlace, type ArrayParts } from "./array-parts.js";
import { castBigints, castNumbers, clampBigints, clampNumbers, firstDifference, type BigintData, type NumberData } from "./cast-elements.js";
import { allocate, isDtype, unknownDtype, type Dtype, type DtypeData } from "./dtype.js";
import { bfloat16ToNumber, float16ToNumber, numberToBfloat16, numberToFloat16 } from "./half-precision.js";

/** How `NdArray.cast` treats values that the other dtype cannot hold. */
export interface CastOptions {
  /**
   * Takes the nearest value of the dtype instead of an error: ties to even, integers clamp to their range, NaN becomes the
   * integer 0, everything but zero becomes true.
   */
  readonly lossy?: boolean;
}

/**
 * The same values in another dtype; the array itself when it already has it.
 *
 * @throws InvalidArgumentError when a value would change (unless `lossy`), and for strings, which are no numbers.
 */
export function castParts<D extends Dtype>(array: ArrayParts, dtype: D, { lossy = false }: CastOptions = {}): ArrayParts<D> {
  if (array.dtype === dtype) return array as ArrayParts<D>;
  if (!isDtype(dtype)) throw unknownDtype(dtype);
  if (array.dtype === "string" || dtype === "string") {
    throw new InvalidArgumentError(`Cannot cast ${describeArray(array)} to ${dtype as string}: strings are not converted, parse or print them yourself.`);
  }
  const { data, firstChanged } = lossy ? castLossy(array, dtype) : castLossless(array, dtype);
  if (firstChanged >= 0) throw wouldChange(array, dtype, firstChanged);
  return { dtype, shape: array.shape, data: data as DtypeData<D> };
}

interface CastResult {
  readonly data: DtypeData<Dtype>;
  /** Place of the first element whose value would change, or -1. */
  readonly firstChanged: number;
}

function castLossless(array: ArrayParts, dtype: Dtype): CastResult {
  const source = readable(array);
  if (isHalf(dtype)) {
    const numbers = new Float64Array(source.length);
    const inexact = castTo("float64", source, numbers);
    const exact = inexact < 0 ? numbers : numbers.subarray(0, inexact);
    const data = encodeHalf(dtype, exact);
    const firstChanged = firstDifference(exact, decodeHalf(dtype, data));
    return { data, firstChanged: firstChanged < 0 ? inexact : firstChanged };
  }
  const data = allocate(dtype, source.length);
  return { data, firstChanged: castTo(dtype, source, data) };
}

function castTo(dtype: Dtype, source: NumberData | BigintData, target: DtypeData<Dtype>): number {
  return isBigints(source) ? castBigints(dtype, source, target) : castNumbers(dtype, source, target);
}

function castLossy(array: ArrayParts, dtype: Dtype): CastResult {
  const source = readable(array);
  const target = isHalf(dtype) ? new Float64Array(source.length) : allocate(dtype, source.length);
  const numeric = isHalf(dtype) ? "float64" : dtype;
  if (isBigints(source)) clampBigints(numeric, source, target);
  else clampNumbers(numeric, source, target);
  return { data: isHalf(dtype) ? encodeHalf(dtype, target as Float64Array) : target, firstChanged: -1 };
}

/** The elements as numbers or bigints: bits of half precision decoded, any byte of a bool but 0 as 1. */
function readable({ dtype, data }: ArrayParts): NumberData | BigintData {
  if (isHalf(dtype)) return decodeHalf(dtype, data as Uint16Array);
  if (dtype === "bool") return (data as Uint8Array).map((byte) => (byte === 0 ? 0 : 1));
  return data as NumberData | BigintData;
}

type HalfDtype = "float16" | "bfloat16";

function isHalf(dtype: Dtype): dtype is HalfDtype {
  return dtype === "float16" || dtype === "bfloat16";
}

function isBigints(data: NumberData | BigintData): data is BigintData {
  return data[Symbol.toStringTag] === "BigInt64Array" || data[Symbol.toStringTag] === "BigUint64Array";
}

function decodeHalf(dtype: HalfDtype, bits: Uint16Array): Float64Array {
  const decode = dtype === "float16" ? float16ToNumber : bfloat16ToNumber;
  const numbers = new Float64Array(bits.length);
  for (let index = 0; index < bits.length; index++) numbers[index] = decode(bits[index] as number);
  return numbers;
}

function encodeHalf(dtype: HalfDtype, numbers: Float64Array): Uint16Array {
  const encode = dtype === "float16" ? numberToFloat16 : numberToBfloat16;
  const bits = new Uint16Array(numbers.length);
  for (let index = 0; index < numbers.length; index++) bits[index] = encode(numbers[index] as number);
  return bits;
}

function wouldChange(array: ArrayParts, dtype: Dtype, index: number): InvalidArgumentError {
  const value = readable(array)[index] as number | bigint;
  return new InvalidArgumentError(
    `Cannot cast ${array.dtype} to ${dtype}: ${String(value)} at ${describePlace(index, array.shape)} has no equal in ${dtype}. ` +
      `cast("${dtype}", { lossy: true }) takes the nearest value.`,
  );
}
