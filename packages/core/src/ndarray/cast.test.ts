import fc from "fast-check";
import { expect, test } from "vitest";
import { anyShape, arrayOf } from "./arbitrary-array.testing.js";
import { dtypes, NdArray, type Dtype } from "./index.js";

const numericDtypes = dtypes.filter((dtype) => dtype !== "string");
const pairOfDtypes = fc.tuple(fc.constantFrom(...numericDtypes), fc.constantFrom(...numericDtypes));

test("a lossless cast that succeeds has the same values and casts back to the same array", () => {
  fc.assert(
    fc.property(pairOfDtypes.chain(([from, to]) => fc.tuple(anyShape(0).chain((shape) => arrayOf(from, shape)), fc.constant(to))), ([array, to]) => {
      const cast = castOrUndefined(array, to);
      if (cast === undefined) return;
      expect(cast.shape).toEqual(array.shape);
      for (let index = 0; index < array.size; index++) {
        const [before, after] = [array, cast].map((either) => Number(either.reshape([-1]).at(index)));
        expect(after === before || (Number.isNaN(before) && Number.isNaN(after))).toBe(true);
      }
      expect(cast.cast(array.dtype).toNested()).toEqual(withoutNegativeZero(array, to));
    }),
    { numRuns: 2000 },
  );
});

function castOrUndefined(array: NdArray, dtype: Dtype): NdArray | undefined {
  try {
    return array.cast(dtype);
  } catch {
    return undefined;
  }
}

/** Integers have no -0; every other value survives. */
function withoutNegativeZero(array: NdArray, to: Dtype): unknown {
  const keeps = to.includes("float");
  const walk = (value: unknown): unknown => (Array.isArray(value) ? value.map(walk) : Object.is(value, -0) && !keeps ? 0 : value);
  return walk(array.toNested());
}

/** Whether one value fits, by mathematics alone: the oracle for the refusals. */
function fits(value: number | bigint, from: Dtype, to: Dtype): boolean {
  const wide = (dtype: Dtype): boolean => dtype === "int64" || dtype === "uint64";
  const bits = /(\d+)$/.exec(to)?.[1];
  if (to === "bool") return Number(value) === 0 || Number(value) === 1;
  if (to === "float64" || to === "float32") {
    if (typeof value === "bigint" && !Number.isSafeInteger(Number(value))) return false;
    return to === "float64" || Number.isNaN(value) || Math.fround(Number(value)) === Number(value);
  }
  if (typeof value === "number" && !Number.isInteger(value)) return false;
  if (typeof value === "number" && wide(to) && !Number.isSafeInteger(value)) return false;
  if (typeof value === "bigint" && !wide(to) && !Number.isSafeInteger(Number(value)) && from !== to) return false;
  const exact = BigInt(value);
  const signed = to.startsWith("int");
  const limit = 2n ** BigInt(signed ? Number(bits) - 1 : Number(bits));
  return exact < limit && exact >= (signed ? -limit : 0n);
}

test("a lossless cast is refused exactly when the value has no equal", () => {
  const targets = numericDtypes.filter((dtype) => !dtype.endsWith("float16"));
  const edges = [0, -0, 1, 2, -1, 127, 128, -128, -129, 255, 256, 65535, 65536, 2 ** 24 + 1, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53, 0.5, 1e39, NaN, Infinity];
  for (const to of targets) {
    for (const value of edges) {
      const array = new NdArray("float64", [1], Float64Array.of(value));
      expect([value, to, castOrUndefined(array, to) !== undefined]).toEqual([value, to, fits(value, "float64", to)]);
    }
  }
  fc.assert(
    fc.property(fc.constantFrom(...targets), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (to, value) => {
      const array = new NdArray("int64", [1], BigInt64Array.of(value));
      expect(castOrUndefined(array, to) !== undefined).toBe(to === "int64" || fits(value, "int64", to));
    }),
    { numRuns: 2000 },
  );
});

test.each<[NdArray, Dtype, RegExp]>([
  [NdArray.from([[1, 2], [3, 4.5]]), "int32", /Cannot cast float32 to int32: 4.5 at index \[1, 1\] has no equal in int32/],
  [NdArray.from([1, 300, 400], "int16"), "uint8", /Cannot cast int16 to uint8: 300 at index \[1\]/],
  [NdArray.from([2n ** 53n]), "float64", /int64 to float64: 9007199254740992 at index \[0\]/],
  [NdArray.from([2n ** 24n + 1n]), "float32", /int64 to float32: 16777217 at index \[0\]/],
  [NdArray.from([0, 2]), "bool", /float32 to bool: 2 at index \[1\]/],
  [NdArray.from([0n, 1n, 3n]), "bool", /int64 to bool: 3 at index \[2\]/],
  [NdArray.from([1, 2049]), "float16", /float32 to float16: 2049 at index \[1\]/],
  [NdArray.from([2049n, 2n ** 60n]), "float16", /int64 to float16: 2049 at index \[0\]/],
  [NdArray.from([2n ** 60n, 2049n]), "float16", /int64 to float16: 1152921504606846976 at index \[0\]/],
  [NdArray.from([257]), "bfloat16", /float32 to bfloat16: 257 at index \[0\]/],
  [NdArray.from([1e300], "float64"), "float32", /float64 to float32: 1e\+300/],
  [NdArray.from([-1n]), "uint64", /int64 to uint64: -1 at index \[0\]/],
  [NdArray.from(-1), "uint8", /float32 to uint8: -1 at the only element/],
  [NdArray.from([3, 0.5]), "bool", /float32 to bool: 3 at index \[0\]/],
  [new NdArray("float16", [1], Uint16Array.of(0x3e00)), "int8", /float16 to int8: 1.5 at index \[0\]/],
  [NdArray.from(["1"]), "float32", /Cannot cast string \[1\] to float32: strings are not converted/],
  [NdArray.from([1]), "string", /strings are not converted/],
  [NdArray.from([1]), "complex64" as Dtype, /Unknown dtype "complex64"/],
])("%s to %s is refused by the first value that would change", (array, dtype, message) => {
  expect(() => array.cast(dtype)).toThrow(message);
});

test.each<[NdArray, Dtype, unknown]>([
  [NdArray.from([1, 0, NaN, -Infinity]), "float16", [1, 0, NaN, -Infinity]],
  [NdArray.from([true, false]), "int64", [1n, 0n]],
  [NdArray.from([true, false]), "float16", [1, 0]],
  [NdArray.from([2n ** 62n]), "uint64", [2n ** 62n]],
  [NdArray.from([5n, -5n]), "int8", [5, -5]],
  [new NdArray("bool", [1], Uint8Array.of(5)), "int8", [1]],
  [NdArray.from([[1.5]], "bfloat16"), "float16", [[1.5]]],
  [NdArray.from(7n), "float32", 7],
])("%s to %s keeps the values", (array, dtype, expected) => {
  expect(array.cast(dtype).toNested()).toEqual(expected);
});

test.each<[NdArray, Dtype, unknown]>([
  [NdArray.from([0.5, 1.5, 2.5, -0.5, 1e9, -1e9, NaN, Infinity], "float64"), "int8", [0, 2, 2, -0, 127, -128, 0, 127].map((value) => value + 0)],
  [NdArray.from([2.5, 2 ** 63, 1e30, -1e30, NaN], "float64"), "int64", [2n, 2n ** 63n - 1n, 2n ** 63n - 1n, -(2n ** 63n), 0n]],
  [NdArray.from([-3, 1e30], "float64"), "uint64", [0n, 2n ** 64n - 1n]],
  [NdArray.from([2n ** 40n, -1n]), "uint8", [255, 0]],
  [NdArray.from([-1n, 5n]), "uint64", [0n, 5n]],
  [NdArray.from([0.1], "float64"), "float32", [Math.fround(0.1)]],
  [NdArray.from([2049, 2051, 1e9]), "float16", [2048, 2052, Infinity]],
  [NdArray.from([0, 0.5, NaN]), "bool", [false, true, true]],
  [NdArray.from([0n, 7n]), "bool", [false, true]],
  [NdArray.from([2n ** 60n + 1n]), "float64", [2 ** 60]],
])("%s to %s with loss takes the nearest values", (array, dtype, expected) => {
  expect(array.cast(dtype, { lossy: true }).toNested()).toEqual(expected);
});

test("a cast to the same dtype is the array itself", () => {
  const array = NdArray.from(["a"]);
  expect(array.cast("string")).toBe(array);
});
