import fc from "fast-check";
import { expect, test } from "vitest";
import { InvalidArgumentError } from "../errors/index.js";
import { joinableArrays } from "./arbitrary-array.testing.js";
import { indicesOfSizes, NdArray } from "./index.js";

type NestedValue = unknown;

/** Joins nested arrays along `dim` by the definition: as lists at that depth. */
function joinNested(values: readonly NestedValue[], dim: number): NestedValue {
  if (dim === 0) return values.flat(1);
  const [first] = values as unknown[][];
  return first!.map((_row, index) => joinNested(values.map((value) => (value as unknown[])[index]), dim - 1));
}

function sliceNested(value: NestedValue, dim: number, start: number, end: number): NestedValue {
  const rows = value as unknown[];
  return dim === 0 ? rows.slice(start, end) : rows.map((row) => sliceNested(row, dim - 1, start, end));
}

function indicesOf(arrays: readonly NdArray[], dim: number): number[] {
  return indicesOfSizes(arrays.map(({ shape }) => shape[dim]!));
}

test("concat equals joining nested lists, on any dim", () => {
  fc.assert(
    fc.property(joinableArrays, ({ arrays, dim }) => {
      const joined = NdArray.concat(arrays, dim);
      expect(joined.shape[dim]).toBe(indicesOf(arrays, dim).at(-1));
      expect(joined.toNested()).toEqual(joinNested(arrays.map((array) => array.toNested()), dim));
    }),
    { numRuns: 500 },
  );
});

test("split equals slicing nested lists, on any dim", () => {
  fc.assert(
    fc.property(joinableArrays, ({ arrays, dim }) => {
      const joined = NdArray.concat(arrays, dim);
      const indices = indicesOf(arrays, dim);
      joined.split(indices, dim).forEach((part, index) => {
        expect(part.toNested()).toEqual(sliceNested(joined.toNested(), dim, indices[index]!, indices[index + 1]!));
      });
    }),
    { numRuns: 500 },
  );
});

test("join then split is the identity", () => {
  fc.assert(
    fc.property(joinableArrays, ({ arrays, dim }) => {
      expect(NdArray.concat(arrays, dim).split(indicesOf(arrays, dim), dim)).toEqual(arrays);
    }),
    { numRuns: 500 },
  );
});

test("split then join is the identity", () => {
  fc.assert(
    fc.property(joinableArrays, fc.array(fc.nat(), { maxLength: 3 }), ({ arrays: [array], dim }, cuts) => {
      const size = array!.shape[dim]!;
      const inner = cuts.map((cut) => cut % (size + 1)).sort((left, right) => left - right);
      expect(NdArray.concat(array!.split([0, ...inner, size], dim), dim)).toEqual(array);
    }),
  );
});

test("concat shares no memory with its parts, not even with a single one", () => {
  const array = NdArray.from([[1, 2]]);
  const joined = NdArray.concat([array], 0);
  joined.data[0] = 9;
  expect(array.at(0, 0)).toBe(1);
});

test("split on dim 0 gives views, on other dims copies", () => {
  const array = NdArray.from([[1, 2], [3, 4]]);
  const [first] = array.split([0, 1, 2], 0);
  expect(first!.data.buffer).toBe(array.data.buffer);
  const [column] = array.split([0, 1, 2], 1);
  expect(column!.data.buffer).not.toBe(array.data.buffer);
  expect(column!.toNested()).toEqual([[1], [3]]);
});

test("different dtypes are never joined: the error names both", () => {
  const join = (): unknown => NdArray.concat<"float32" | "int64">([NdArray.from([1]), NdArray.from([1n])], 0);
  expect(join).toThrow(InvalidArgumentError);
  expect(join).toThrow(/different dtypes, float32 and int64: cast one of them/);
});

test("what cannot be joined is refused with both shapes", () => {
  const rows = NdArray.zeros("int8", [2, 3]);
  expect(() => NdArray.concat([], 0)).toThrow(/Cannot join no arrays/);
  expect(() => NdArray.concat([rows, NdArray.zeros("int8", [2, 4])], 0)).toThrow(/int8 \[2, 3\] and int8 \[2, 4\] along dim 0: all other dims must be equal/);
  expect(() => NdArray.concat([rows, NdArray.zeros("int8", [3])], 0)).toThrow(/ranks differ; is a batch dimension missing\? Add a batch dimension/);
  expect(() => NdArray.concat([NdArray.from(1)], 0)).toThrow(/a scalar \(shape \[\]\) has no dims: add a batch dimension/);
  expect(() => NdArray.concat([rows], 2)).toThrow(/dim 2, but shape \[2, 3\] has dims 0 to 1. Is a batch dimension missing\?/);
  expect(() => NdArray.concat([rows], -1)).toThrow(/dim -1/);
  expect(() => NdArray.concat([rows], 0.5)).toThrow(/dim 0.5/);
});

test.each([
  [[0, 2, 4], /the last must be the size that is split, 5, but is 4/],
  [[0, 2, 6], /the last must be the size that is split, 5, but is 6/],
  [[1, 5], /the first must be 0/],
  [[], /the first must be 0/],
  [[0, 3, 2, 5], /number 2 \(2\) must be an integer that is not below the one before/],
  [[0, 2.5, 5], /number 1 \(2.5\)/],
  [[0, NaN, 5], /number 1 \(NaN\)/],
  [[0], /the last must be the size that is split, 5, but is 0/],
])("split at %j is refused", (indices, message) => {
  expect(() => NdArray.zeros("int8", [5, 2]).split(indices, 0)).toThrow(message);
  expect(() => NdArray.zeros("int8", [2, 5]).split(indices, 1)).toThrow(message);
});

test("split of a scalar asks for a batch dimension", () => {
  expect(() => NdArray.from(1).split([0, 1], 0)).toThrow(/add a batch dimension/);
});

test("slice takes a range of one dim and does not clamp", () => {
  const array = NdArray.from([[1, 2, 3], [4, 5, 6]]);
  expect(array.slice(0, 1).toNested()).toEqual([[4, 5, 6]]);
  expect(array.slice(1, 1, 3).toNested()).toEqual([[2, 3], [5, 6]]);
  expect(array.slice(1, 1, 1).shape).toEqual([2, 0]);
  expect(array.slice(0, 0, 1).data.buffer).toBe(array.data.buffer);
  for (const [start, end] of [[0, 3], [2, 1], [-1, 1], [0.5, 1]]) {
    expect(() => array.slice(0, start!, end)).toThrow(/0 <= start <= end <= 2/);
  }
  expect(() => array.slice(0, 3)).toThrow(/Cannot slice 3 to 2/);
  expect(() => array.slice(2, 0)).toThrow(/dim 2/);
});
