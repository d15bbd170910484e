import { expect, test } from "vitest";
import { flatValues } from "./flat-values.js";

test("flat data is given back as it is", () => {
  const data = [1, 2, 3, 4, 5, 6];
  expect(flatValues(data, [2, 3], "x")).toBe(data);
});

test("nested data is flattened in row-major order", () => {
  expect(flatValues([[[1], [2]], [[3], [4]]], [2, 2, 1], "x")).toEqual([1, 2, 3, 4]);
});

test("a scalar is an array of one", () => {
  expect(flatValues([7], [], "x")).toEqual([7]);
});

test("dimensions of zero: flat, nested, and a nested part of nothing", () => {
  expect(flatValues([], [0], "x")).toEqual([]);
  expect(flatValues([], [2, 0], "x")).toEqual([]);
  expect(flatValues([[], []], [2, 0], "x")).toEqual([]);
  expect(flatValues([], [0, 1_000_000_000], "x")).toEqual([]);
});

test.each([
  ["too few", [1], [2], /asks for 2 elements, "data" has 1/],
  ["too many", [1, 2, 3], [2], /asks for 2 elements, "data" has 3/],
  ["a product beyond any memory", [1], [2 ** 40, 2 ** 40], /"data" has 1/],
  ["a product that is not even a number", [1], [...Array.from({ length: 30 }, () => Number.MAX_SAFE_INTEGER), 0], /"data" has 1/],
  ["a ragged row", [[1, 2], [3]], [2, 2], /asks for 2 entries at nesting depth 2 of "data", one there has 1/],
  ["a row that is none", [[1, 2], 3], [2, 2], /must have an array at nesting depth 2, it has the number 3/],
  ["a first row only", [[1, 2]], [1_000_000_000, 2], /asks for 1000000000 entries at nesting depth 1/],
  ["no array", 5, [1], /must be an array, it is the number 5/],
  ["null", null, [1], /must be an array, it is null/],
  ["nothing at all", [], [], /asks for 1 elements, "data" has 0/],
])("%s is refused with a message that names the input", (_what, data, shape, message) => {
  expect(() => flatValues(data, shape, "pixels")).toThrow(message);
  expect(() => flatValues(data, shape, "pixels")).toThrow(/input "pixels"/);
});

test("elements that are arrays are left for the datatype's check", () => {
  expect(flatValues([[1]], [1], "x")).toEqual([[1]]);
});
