import { NdArray, numberToFloat16 } from "bentoml-core";
import { expect, test } from "vitest";
import { differenceOf } from "./difference.js";

const row = (...values: number[]): NdArray => new NdArray("float32", [1, values.length], Float32Array.from(values));
const halves = (...values: number[]): NdArray => new NdArray("float16", [values.length], Uint16Array.from(values, numberToFloat16));

test.each([
  ["arrays", row(1, 2), row(1, 2)],
  ["NaN, and zeros of either sign", row(NaN, 0), row(NaN, -0)],
  ["an array and nested lists", row(1, 2), [[1, 2]]],
  ["texts", new NdArray("string", [2], ["a", "b"]), new NdArray("string", [2], ["a", "b"])],
  ["64-bit integers", NdArray.from([2n ** 60n]), [2n ** 60n]],
  ["records in another order", { a: row(1), b: row(2) }, { b: row(2), a: row(1) }],
  ["plain values", { n: [1, "x", null, true], d: new Date(5) }, { n: [1, "x", null, true], d: new Date(5) }],
  ["typed arrays", Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
])("%s that agree", (_what, actual, expected) => {
  expect(differenceOf(actual, expected)).toBeUndefined();
});

test.each([
  ["a value", row(1, 3), row(1, 2), "the result.data[1] is 3, expected 2"],
  ["the shape", row(1, 2), new NdArray("float32", [2], Float32Array.of(1, 2)), "the result has shape [1, 2], expected [2]"],
  ["the dtype", NdArray.from([1]).cast("int32"), NdArray.from([1]), "the result has dtype int32, expected float32"],
  ["a nested list", row(1, 2), [[1, 5]], "the result[0][1] is 2, expected 5"],
  ["a name", { a: row(1) }, { b: row(1) }, "the result has the names a, expected b"],
  ["one of a record", { a: row(1), b: row(2) }, { a: row(1), b: row(3) }, "the result.b.data[0] is 2, expected 3"],
  ["what it is", "text", row(1), 'the result is "text", expected an NdArray of float32 [1, 1]'],
  ["the length", [1, 2], [1], "the result has 2 elements, expected 1"],
  ["the class of a typed array", Int8Array.of(1), Uint8Array.of(1), "the result is an instance of Int8Array, expected a Uint8Array"],
])("%s differs", (_what, actual, expected, difference) => {
  expect(differenceOf(actual, expected)).toBe(difference);
});

test("the tolerance is absolute for small numbers and relative for large ones", () => {
  expect(differenceOf(row(0.0009), row(0), 0.001)).toBeUndefined();
  expect(differenceOf(row(1000.9), row(1000), 0.001)).toBeUndefined();
  expect(differenceOf(row(1001.1), row(1000), 0.001)).toMatch(/within 0.001$/);
  expect(differenceOf(halves(1.001), halves(1), 0.01)).toBeUndefined();
  expect(differenceOf(halves(1.1), halves(1), 0.01)).toBeDefined();
});
