import { isBentoMLError, type Dtype } from "bentoml-core";
import { expect, test } from "vitest";
import { tensorFromJson } from "./json-tensors.js";

function read(dtype: Dtype, values: readonly unknown[], exact: readonly unknown[] = values): unknown {
  return Array.from(tensorFromJson("x", dtype, [values.length], values, () => exact).data as ArrayLike<unknown>);
}

test.each<[Dtype, readonly unknown[], readonly unknown[]]>([
  ["float32", [0.5, -1, 3.4e38], [0.5, -1, Math.fround(3.4e38)]],
  ["float64", [0.1, 1e308, -0], [0.1, 1e308, -0]],
  ["int8", [-128, 127], [-128, 127]],
  ["uint8", [0, 255], [0, 255]],
  ["int16", [-32768, 32767], [-32768, 32767]],
  ["uint16", [0, 65535], [0, 65535]],
  ["int32", [-2147483648, 2147483647], [-2147483648, 2147483647]],
  ["uint32", [0, 4294967295], [0, 4294967295]],
  ["int64", [-5, 9007199254740991], [-5n, 9007199254740991n]],
  ["uint64", [0, 7], [0n, 7n]],
  ["bool", [true, false, 1, 0], [1, 0, 1, 0]],
  ["string", ["", "é☃", "a\nb"], ["", "é☃", "a\nb"]],
])("%s takes its whole range", (dtype, values, expected) => {
  expect(read(dtype, values)).toEqual(expected);
});

test("64-bit integers beyond 2^53 are taken from their digits", () => {
  expect(read("int64", [Number("9007199254740993"), 1], ["9007199254740993", 1])).toEqual([9007199254740993n, 1n]);
  expect(read("uint64", [Number("18446744073709551615")], ["18446744073709551615"])).toEqual([18446744073709551615n]);
});

test.each<[string, Dtype, unknown, RegExp]>([
  ["a string for a number", "float32", "1", /must be a number \(FP32\), it is the string "1"/],
  ["a bool for a number", "float64", true, /must be a number/],
  ["null for a number", "float32", null, /it is null/],
  ["an array for a number", "float32", [1], /it is an array/],
  ["an object for an integer", "int32", { valueOf: 5 }, /it is an object/],
  ["a number beyond FP32", "float32", 1e39, /in its range \(FP32\)/],
  ["a literal beyond FP64", "float64", JSON.parse("1e999"), /in its range \(FP64\)/],
  ["a fraction for an integer", "int32", 1.5, /whole number/],
  ["an integer out of range", "uint8", 256, /in its range \(UINT8\)/],
  ["a negative for an unsigned", "uint16", -1, /in its range/],
  ["a string for an integer", "int8", "5", /whole number/],
  ["a bool for an integer", "uint8", true, /whole number/],
  ["a fraction for INT64", "int64", 0.5, /full digits/],
  ["an exponent for a big INT64", "int64", 1e300, /full digits/],
  ["a string for INT64", "int64", "5", /whole number/],
  ["a negative for UINT64", "uint64", -1, /in its range \(UINT64\)/],
  ["2 for a bool", "bool", 2, /true or false/],
  ["a string for a bool", "bool", "true", /true or false/],
  ["a number for BYTES", "string", 5, /must be a string \(BYTES\)/],
  ["JSON for FP16", "float16", 1.5, /FP16 has no JSON form, send it as binary/],
  ["JSON for BF16", "bfloat16", 1.5, /BF16 has no JSON form, send it as binary/],
])("%s is refused with status 400", (_what, dtype, value, message) => {
  const fine = dtype === "string" ? "fine" : dtype === "bool" ? true : 1;
  let thrown: unknown;
  try {
    read(dtype, [fine, value]);
  } catch (error) {
    thrown = error;
  }
  expect(isBentoMLError(thrown) && thrown.httpStatus).toBe(400);
  expect((thrown as Error).message).toMatch(message);
  expect((thrown as Error).message).toContain('input "x"');
});

test("the element that is wrong is named by its index", () => {
  expect(() => read("int32", [1, 2, "3", 4])).toThrow(/element 2 of/);
  expect(() => read("float32", [1, 2, 3, 1e39])).toThrow(/element 3 of/);
});

test("an int64 out of range is refused by its digits", () => {
  expect(() => read("int64", [2 ** 63], ["9223372036854775808"])).toThrow(/9223372036854775808/);
});
