import { expect, test } from "vitest";
import { InvalidArgumentError } from "../errors/index.js";
import { NdArray } from "../ndarray/index.js";
import { inputArray, type WantedArray } from "./input-array.js";

const wanted: WantedArray = { dtype: "float32", shape: ["batch", 2, 2] };

test("lists, scalars and typed arrays get the wanted dtype, and typed arrays the shape that they fill", () => {
  expect(inputArray(wanted, [[1, 2]])).toEqual(NdArray.from([[1, 2]], "float32"));
  expect(inputArray({ dtype: "int64", shape: [] }, 7n)).toEqual(NdArray.from(7n, "int64"));
  expect(inputArray(wanted, Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8)).shape).toEqual([2, 2, 2]);
  expect(inputArray({ ...wanted, shape: [2, 2] }, Float32Array.of(1, 2, 3, 4)).shape).toEqual([2, 2]);
  expect(inputArray({ ...wanted, shape: [-1] }, Float32Array.of(1, 2, 3)).shape).toEqual([3]);
  expect(inputArray({ ...wanted, shape: undefined }, Float32Array.of(1, 2, 3)).shape).toEqual([3]);
  expect(inputArray({ dtype: "float16", shape: [2] }, Uint16Array.of(0x3c00, 0)).dtype).toBe("float16");
});

test("arrays, tensors of a framework and what turns into an array stay as they are", () => {
  const array = NdArray.from([1, 2], "int32");
  const tensor = { held: array };
  const fromTensor = (value: unknown): NdArray | undefined => (value === tensor ? tensor.held : undefined);
  expect(inputArray(wanted, array)).toBe(array);
  expect(inputArray(wanted, tensor, fromTensor)).toBe(array);
  expect(inputArray(wanted, { toNdArray: () => tensor }, fromTensor)).toBe(array);
});

test.each([
  [null, /^null cannot become an array\. Give an NdArray/],
  [undefined, /^undefined cannot/],
  [() => 1, /^a function cannot/],
  [{ held: 1 }, /^a plain object cannot/],
  [Promise.resolve(), /^a promise, which must be awaited first, cannot/],
  [new Map(), /^an object of class Map cannot/],
  [new DataView(new ArrayBuffer(4)), /DataView has no dtype/],
  [new Float32Array(6), /6 elements does not fill it: it takes a multiple of 4\./],
])("%s is refused", (value, message) => {
  expect(() => inputArray(wanted, value)).toThrow(InvalidArgumentError);
  expect(() => inputArray(wanted, value)).toThrow(message);
});

test("a typed array of a shape that cannot be told is refused", () => {
  expect(() => inputArray({ ...wanted, shape: ["batch", "words"] }, new Float32Array(4))).toThrow(/more than one dimension is open: give new NdArray/);
  expect(() => inputArray({ ...wanted, shape: [2, 3] }, new Float32Array(4))).toThrow(/does not fill it: it takes 6\./);
});
