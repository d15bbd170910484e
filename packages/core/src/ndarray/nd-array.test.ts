import fc from "fast-check";
import { expect, test } from "vitest";
import { InvalidArgumentError } from "../errors/index.js";
import { anyArray } from "./arbitrary-array.testing.js";
import { bytesPerElement, dtypes, NdArray, viewOf, type Dtype } from "./index.js";

test("the constructor keeps what it is given", () => {
  const shape = [2, 3];
  const data = new Float32Array(6);
  const array = new NdArray("float32", shape, data);
  expect(array.shape).toBe(shape);
  expect(array.data).toBe(data);
  expect([array.dtype, array.rank, array.size]).toEqual(["float32", 2, 6]);
});

test("a scalar has rank 0 and one element", () => {
  const scalar = new NdArray("int32", [], Int32Array.of(7));
  expect([scalar.rank, scalar.size, scalar.at(), scalar.toNested()]).toEqual([0, 1, 7, 7]);
});

test.each([
  ["float32", [2, 2], new Float32Array(3), /\[2, 2\] has 4 elements, but the float32 data has 3/],
  ["float32", [1], new Float64Array(1), /data of a float32 array must be a Float32Array, not Float64Array/],
  ["string", [1], new Float64Array(1), /must be an array of strings, not Float64Array/],
  ["int64", [1], [1n], /must be a BigInt64Array, not Array/],
  ["float32", [1], undefined, /must be a Float32Array, not undefined/],
  ["string", [1], null, /must be an array of strings, not null/],
  ["float32", [-1], new Float32Array(1), /Dim 0 of shape \[-1\] is -1/],
  ["float32", [1.5], new Float32Array(1), /Dim 0 of shape \[1.5\] is 1.5/],
  ["float32", [2, NaN], new Float32Array(1), /Dim 1 of shape \[2, NaN\] is NaN/],
  ["float32", [2 ** 60, 0], new Float32Array(0), /Dim 0 .* must be an integer/],
  ["float8", [1], new Uint8Array(1), /Unknown dtype "float8": use one of bool, /],
  ["toString", [1], new Uint8Array(1), /Unknown dtype "toString"/],
])("the constructor refuses %s %j of %o", (dtype, shape, data, message) => {
  const make = (): unknown => new NdArray(dtype as "float32", shape, data as unknown as Float32Array);
  expect(make).toThrow(InvalidArgumentError);
  expect(make).toThrow(message);
});

test("a Buffer is kept as a plain view, whose slice copies", () => {
  const bytes = Buffer.from([1, 2, 3]);
  const { data } = new NdArray("uint8", [3], bytes);
  expect(data.constructor).toBe(Uint8Array);
  bytes[0] = 9;
  expect([...data]).toEqual([9, 2, 3]);
});

test("arrays of another copy of the package are recognised, lookalikes are not", () => {
  const foreign = { [Symbol.for("bentoml.NdArray")]: 1, dtype: "int8", shape: [1], data: Int8Array.of(1) };
  expect(NdArray.isNdArray(foreign)).toBe(true);
  expect(NdArray.isNdArray(NdArray.from([1]))).toBe(true);
  for (const value of [null, undefined, 1, "a", [1], { dtype: "int8", shape: [1], data: Int8Array.of(1) }]) {
    expect(NdArray.isNdArray(value)).toBe(false);
    expect(value instanceof NdArray).toBe(false);
  }
  class Named extends NdArray {}
  expect([foreign instanceof NdArray, foreign instanceof Named, NdArray.from([1]) instanceof Named]).toEqual([true, false, false]);
  expect(new Named("int8", [1], Int8Array.of(1)) instanceof Named).toBe(true);
});

test("arrays of a copy that lays them out otherwise are refused wherever an array may be", () => {
  const foreign = { [Symbol.for("bentoml.NdArray")]: 2, dtype: "int8", dims: [1] };
  const refusal = expect.objectContaining({ code: "CORE_COPIES", message: expect.stringContaining("(its contract is 2, here it is 1)") });
  expect(() => NdArray.isNdArray(foreign)).toThrow(refusal);
  expect(() => NdArray.from(foreign)).toThrow(refusal);
});

test("zeros has the dtype's zero everywhere", () => {
  expect(NdArray.zeros("bool", [2]).toNested()).toEqual([false, false]);
  expect(NdArray.zeros("uint64", [1, 2]).toNested()).toEqual([[0n, 0n]]);
  expect(NdArray.zeros("string", [2]).toNested()).toEqual(["", ""]);
  expect(NdArray.zeros("float16", [2, 0]).toNested()).toEqual([[], []]);
  expect(() => NdArray.zeros("float32", [-2])).toThrow(/Dim 0/);
  expect(() => NdArray.zeros("float64", [2 ** 50])).toThrow(/Cannot allocate 1125899906842624 elements of float64/);
});

test("at gives elements as the user knows them, counting from the end for negative indices", () => {
  expect(NdArray.from([[1, 2], [3, 4]]).at(1, 0)).toBe(3);
  expect(NdArray.from([[1, 2], [3, 4]]).at(-1, -2)).toBe(3);
  expect(NdArray.from([true, false]).at(0)).toBe(true);
  expect(NdArray.from([5n]).at(0)).toBe(5n);
  expect(new NdArray("float16", [1], Uint16Array.of(0x3c00)).at(0)).toBe(1);
  expect(new NdArray("bfloat16", [1], Uint16Array.of(0x4000)).at(0)).toBe(2);
  expect(() => NdArray.from([[1]]).at(0)).toThrow(/one index for each of the 2 dims of shape \[1, 1\]/);
  expect(() => NdArray.from([[1, 2]]).at(0, 2)).toThrow(/Index 2 is outside dim 1 of shape \[1, 2\]/);
  expect(() => NdArray.from([[1, 2]]).at(0, -3)).toThrow(/Index -3/);
  expect(() => NdArray.from([1, 2]).at(0.5)).toThrow(/Index 0.5/);
});

test("reshape and expandDims share the memory and check the size", () => {
  const array = NdArray.from([[1, 2, 3], [4, 5, 6]]);
  expect(array.reshape([3, 2]).toNested()).toEqual([[1, 2], [3, 4], [5, 6]]);
  expect(array.reshape([-1]).data).toBe(array.data);
  expect(array.reshape([3, -1]).shape).toEqual([3, 2]);
  expect(NdArray.zeros("int8", [0, 3]).reshape([-1, 3]).shape).toEqual([0, 3]);
  expect(() => array.reshape([4])).toThrow(/Cannot reshape \[2, 3\] \(6 elements\) to \[4\]/);
  expect(() => array.reshape([4, -1])).toThrow(/Cannot reshape/);
  expect(() => array.reshape([-1, -1])).toThrow(/at most one dim may be -1/);
  expect(() => array.reshape([-2, -3])).toThrow(/Cannot reshape/);
  expect(array.expandDims(0).shape).toEqual([1, 2, 3]);
  expect(array.expandDims(2).shape).toEqual([2, 3, 1]);
  expect(() => array.expandDims(3)).toThrow(/at 0 to 2, not at 3/);
});

test("owned copies what lies in a larger or shared buffer, and nothing else", () => {
  const whole = NdArray.from([[1, 2], [3, 4]]);
  expect(whole.owned()).toBe(whole);
  const [, second] = whole.split([0, 1, 2], 0);
  const owned = second!.owned();
  expect(owned.data.buffer.byteLength).toBe(8);
  expect(owned.toNested()).toEqual([[3, 4]]);
  const shared = new NdArray("int8", [2], new Int8Array(new SharedArrayBuffer(2)));
  expect(shared.owned().data.buffer).toBeInstanceOf(ArrayBuffer);
  const strings = NdArray.from(["a"]);
  expect(strings.owned()).toBe(strings);
  expect(NdArray.zeros("int8", [4]).slice(0, 1, 1).owned().data.buffer.byteLength).toBe(0);
});

test("a clone is equal and shares nothing", () => {
  fc.assert(
    fc.property(anyArray, (array) => {
      const clone = array.clone();
      expect(clone).toEqual(array);
      expect(clone.data).not.toBe(array.data);
      expect(clone.owned()).toBe(clone);
    }),
  );
});

test("nested values of an array make the same array", () => {
  fc.assert(
    fc.property(anyArray, (array) => {
      // NaN bits of half precision come back as the one canonical NaN, and a leading dim of 0 hides the others.
      fc.pre(!array.shape.includes(0) && !["float16", "bfloat16"].includes(array.dtype));
      expect(NdArray.from(array.toNested(), array.dtype)).toEqual(array);
    }),
  );
});

test("it prints its dtype and shape", () => {
  expect(String(NdArray.zeros("int16", [2, 0]))).toBe("NdArray(int16 [2, 0])");
});

test("viewOf looks into the buffer and refuses what does not lie in it", () => {
  const { buffer } = Float32Array.of(1, 2, 3, 4);
  expect([...viewOf("float32", buffer, 4, 2)]).toEqual([2, 3]);
  for (const dtype of dtypes.filter((other) => other !== "string")) {
    expect(viewOf(dtype, buffer, 8, 1).byteLength).toBe(bytesPerElement(dtype));
  }
  expect(() => viewOf("float32", buffer, 2, 1)).toThrow(/multiple of 4 bytes, not at 2/);
  expect(() => viewOf("float32", buffer, 8, 3)).toThrow(/do not lie in a buffer of 16 bytes/);
  expect(() => viewOf("int8", buffer, -1, 3)).toThrow(/do not lie/);
  expect(() => viewOf("string", buffer, 0, 1)).toThrow(/Strings have no fixed size/);
  expect(() => viewOf("nothing" as Dtype, buffer, 0, 1)).toThrow(/Unknown dtype "nothing"/);
});
