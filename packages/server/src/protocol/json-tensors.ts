import { datatypeOf, NdArray, type Dtype } from "bentoml-core";
import { describeJson, invalidRequest, quoted } from "./invalid-request.js";
import { allocateNumbers } from "./small-arrays.js";

/** Gives the elements of the same `data` read without rounding: integers of 16 digits and more as strings of digits. */
export type ReadExactly = () => readonly unknown[];

/**
 * Makes an array from JSON values. The values' number must be the shape's already. A value is never changed to fit:
 * a fraction for an integer, 256 for UINT8 or 1e39 for FP32 are refused. BOOL takes true, false, 1 and 0.
 */
export function tensorFromJson(
  input: string,
  dtype: Dtype,
  shape: readonly number[],
  values: readonly unknown[],
  readExactly: ReadExactly,
): NdArray {
  switch (dtype) {
    case "float32":
    case "float64":
      return new NdArray(dtype, shape, fillFloats(input, dtype, values));
    case "int64":
    case "uint64":
      return new NdArray(dtype, shape, fillBigIntegers(input, dtype, values, readExactly));
    case "bool":
      return new NdArray(dtype, shape, fillBooleans(input, values));
    case "string":
      return new NdArray(dtype, shape, checkStrings(input, values));
    case "float16":
    case "bfloat16":
      throw invalidRequest(
        `input ${quoted(input)}: ${datatypeOf[dtype]} has no JSON form, send it as binary data ("parameters": {"binary_data_size": ...})`,
      );
    default:
      return new NdArray(dtype, shape, fillIntegers(input, dtype, values));
  }
}

type FloatDtype = "float32" | "float64";
type IntegerDtype = "int8" | "int16" | "int32" | "uint8" | "uint16" | "uint32";
type BigIntegerDtype = "int64" | "uint64";

function fillFloats(input: string, dtype: FloatDtype, values: readonly unknown[]): Float32Array | Float64Array {
  const filled: Float32Array | Float64Array = allocateNumbers<FloatDtype>(dtype, values.length);
  // JSON has no infinity, so an infinite element means a literal too large for the datatype: infinity * 0 is NaN.
  let overflow = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (typeof value !== "number") throw wrongValue(input, dtype, index, value, "a number");
    filled[index] = value;
    overflow += (filled[index] as number) * 0;
  }
  if (overflow !== 0) {
    const index = filled.findIndex((value) => !Number.isFinite(value));
    throw wrongValue(input, dtype, index, values[index], "a number in its range");
  }
  return filled;
}

function fillIntegers(input: string, dtype: IntegerDtype, values: readonly unknown[]): IntegerArray {
  const filled: IntegerArray = allocateNumbers<IntegerDtype>(dtype, values.length);
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (typeof value !== "number") throw wrongValue(input, dtype, index, value, "a whole number");
    filled[index] = value;
    if (filled[index] !== value) throw wrongValue(input, dtype, index, value, "a whole number in its range");
  }
  return filled;
}

type IntegerArray = Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;

function fillBigIntegers(
  input: string,
  dtype: BigIntegerDtype,
  values: readonly unknown[],
  readExactly: ReadExactly,
): BigInt64Array | BigUint64Array {
  const filled: BigInt64Array | BigUint64Array = allocateNumbers<BigIntegerDtype>(dtype, values.length);
  let exact: readonly unknown[] | undefined;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (typeof value !== "number") throw wrongValue(input, dtype, index, value, "a whole number");
    let integer: bigint;
    if (Number.isSafeInteger(value)) {
      integer = BigInt(value);
    } else {
      exact ??= readExactly();
      const digits = exact[index];
      if (typeof digits !== "string") throw wrongValue(input, dtype, index, value, "a whole number in full digits");
      integer = BigInt(digits);
    }
    filled[index] = integer;
    if (filled[index] !== integer) throw wrongValue(input, dtype, index, String(integer), "a whole number in its range");
  }
  return filled;
}

function fillBooleans(input: string, values: readonly unknown[]): Uint8Array {
  const filled = allocateNumbers("bool", values.length);
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (value !== true && value !== false && value !== 1 && value !== 0) {
      throw wrongValue(input, "bool", index, value, "true or false");
    }
    filled[index] = value === true || value === 1 ? 1 : 0;
  }
  return filled;
}

function checkStrings(input: string, values: readonly unknown[]): string[] {
  for (let index = 0; index < values.length; index++) {
    if (typeof values[index] !== "string") throw wrongValue(input, "string", index, values[index], "a string");
  }
  return values as string[];
}

function wrongValue(input: string, dtype: Dtype, index: number, value: unknown, expected: string): Error {
  return invalidRequest(
    `input ${quoted(input)}: element ${index} of "data" must be ${expected} (${datatypeOf[dtype]}), it is ${describeJson(value)}`,
  );
}
