import { expect, test } from "vitest";
import { NdArray, type Dtype } from "./index.js";

test.each([
  [[[1, 2], [3, 4]], "float32", [2, 2]],
  [5, "float32", []],
  [true, "bool", []],
  [[true, false], "bool", [2]],
  [[1n, 2n], "int64", [2]],
  [["a", "b"], "string", [2]],
  ["text", "string", []],
  [[], "float32", [0]],
  [[[], []], "float32", [2, 0]],
  [[Float64Array.of(0.1, 2), Float64Array.of(3, 4)], "float64", [2, 2]],
  [[BigUint64Array.of(1n)], "uint64", [1, 1]],
])("%o becomes %s of shape %j", (value, dtype, shape) => {
  const array = NdArray.from<unknown>(value);
  expect(array.dtype).toBe(dtype);
  expect(array.shape).toEqual(shape);
  expect(array.size).toBe(shape.reduce((product, dim) => product * dim, 1));
});

test("numbers round to float32 by default, rows of typed arrays do not", () => {
  expect(NdArray.from([0.1]).at(0)).toBe(Math.fround(0.1));
  expect(NdArray.from([Float64Array.of(0.1)]).at(0, 0)).toBe(0.1);
});

test("a typed array keeps its dtype and memory", () => {
  const classes: [ArrayBufferView, Dtype][] = [
    [Int8Array.of(1), "int8"],
    [Uint8Array.of(1), "uint8"],
    [Int16Array.of(1), "int16"],
    [Uint16Array.of(1), "uint16"],
    [Int32Array.of(1), "int32"],
    [Uint32Array.of(1), "uint32"],
    [Float32Array.of(1), "float32"],
    [Float64Array.of(1), "float64"],
    [BigInt64Array.of(1n), "int64"],
    [BigUint64Array.of(1n), "uint64"],
  ];
  for (const [data, dtype] of classes) {
    const array = NdArray.from<unknown>(data);
    expect([array.dtype, array.shape]).toEqual([dtype, [1]]);
    expect(array.data).toBe(data);
  }
});

test("clamped bytes and Buffers become plain uint8 views", () => {
  const bytes = Buffer.from([1, 2]);
  for (const value of [bytes, Uint8ClampedArray.of(1, 2)]) {
    const array = NdArray.from(value);
    expect(array.dtype).toBe("uint8");
    expect(array.data.constructor).toBe(Uint8Array);
    expect([...array.data]).toEqual([1, 2]);
  }
  expect(NdArray.from(bytes).data.buffer).toBe(bytes.buffer);
});

test("bits are taken as float16, bytes as bool when they are 0 and 1", () => {
  expect(NdArray.from(Uint16Array.of(0x3c00), "float16").toNested()).toEqual([1]);
  expect(NdArray.from(Uint8Array.of(0, 1), "bool").toNested()).toEqual([false, true]);
  expect(() => NdArray.from(Uint8Array.of(0, 2), "bool")).toThrow(/value\[1\] is 2, but bool data are bytes 0 and 1/);
});

test("an NdArray is given back as it is, or cast without loss", () => {
  const array = NdArray.from([1, 2]);
  expect(NdArray.from(array)).toBe(array);
  expect(NdArray.from(array, "int8").toNested()).toEqual([1, 2]);
  expect(() => NdArray.from(NdArray.from([1.5]), "int8")).toThrow(/Cannot cast float32 to int8/);
  expect(() => NdArray.from(Float64Array.of(0.1), "float32")).toThrow(/Cannot cast float64 to float32: 0.1/);
});

test.each([
  [[[1, 2], [3]], /ragged: value\[1\] is an array of 1, but an array of 2 is needed there, as at value\[0\]/],
  [[[[1], [2]], [[3], 4]], /ragged: value\[1\]\[1\] is 4, but an array of 1 is needed there/],
  [[1, [2]], /ragged: value\[1\] is an array of 1, but a single value is needed/],
  [[[1, 2], Float32Array.of(1)], /ragged: value\[1\] is an array of 1/],
  [[[], [1]], /ragged: value\[1\] is an array of 1, but an array of 0/],
  [[1, null], /value\[1\] is null, but float32 takes numbers/],
  [[1, "2"], /value\[1\] is "2", but float32 takes numbers/],
  [["a", 1], /value\[1\] is 1, but string takes strings/],
  [[1, undefined], /value\[1\] is undefined/],
  [[{ a: 1 }], /Cannot make an NdArray of an object \(Object\) at value\[0\]/],
  [null, /Cannot make an NdArray of null at value:/],
  [undefined, /Cannot make an NdArray of undefined/],
  [new DataView(new ArrayBuffer(1)), /Cannot make an NdArray of an object \(DataView\)/],
  [[1e39], /value\[0\] is 1e\+39, but float32 takes numbers within its range/],
])("%o is refused by its path", (value, message) => {
  expect(() => NdArray.from<unknown>(value)).toThrow(message);
});

test("an array in itself is refused", () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  expect(() => NdArray.from<unknown>(cyclic)).toThrow(/more than 32 arrays deep, or contains itself/);
});

test.each<[unknown, Dtype, unknown]>([
  [[1, 2], "int64", [1n, 2n]],
  [[Number.MAX_SAFE_INTEGER], "uint64", [9007199254740991n]],
  [[-128, 127], "int8", [-128, 127]],
  [[1n], "float64", [1]],
  [[true, false], "float32", [1, 0]],
  [[true], "int64", [1n]],
  [[0, 1, 1n, false], "bool", [false, true, true, false]],
  [[0.1], "float64", [0.1]],
  [[65504, -0.5], "float16", [65504, -0.5]],
  [[NaN, Infinity], "float16", [NaN, Infinity]],
  [[NaN, -Infinity], "float32", [NaN, -Infinity]],
])("%o as %s is %o", (value, dtype, expected) => {
  expect(NdArray.from(value, dtype).toNested()).toEqual(expected);
});

test.each<[unknown, Dtype, RegExp]>([
  [[1, 1.5], "int32", /value\[1\] is 1.5, but int32 takes integers from -2147483648 to 2147483647/],
  [[256], "uint8", /value\[0\] is 256, but uint8 takes integers from 0 to 255/],
  [[-1], "uint64", /value\[0\] is -1/],
  [[2 ** 53], "int64", /value\[0\] is 9007199254740992/],
  [[2n ** 63n], "int64", /value\[0\] is 9223372036854775808n/],
  [[2n ** 53n], "float64", /value\[0\] is 9007199254740992n/],
  [[2], "bool", /value\[0\] is 2, but bool takes booleans, 0 and 1/],
  [[65520], "float16", /value\[0\] is 65520, but float16 takes numbers within its range/],
  [[3.38e38, 3.4e39], "bfloat16", /value\[1\] is 3.4e\+39/],
  [[NaN], "int8", /value\[0\] is NaN/],
  [["1"], "int8", /value\[0\] is "1"/],
  [[1], "float7" as Dtype, /Unknown dtype "float7"/],
])("%o as %s is refused", (value, dtype, message) => {
  expect(() => NdArray.from(value, dtype)).toThrow(message);
});
