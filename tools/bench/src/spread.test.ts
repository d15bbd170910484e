import { expect, test } from "vitest";
import { spreadOf } from "./spread.js";

test("the middle one of an odd number of values", () => {
  expect(spreadOf([3, 1, 20])).toEqual({ median: 3, min: 1, max: 20 });
});

test("the mean of the two in the middle of an even number", () => {
  expect(spreadOf([4, 1, 10, 2])).toEqual({ median: 3, min: 1, max: 10 });
});

test("one value", () => {
  expect(spreadOf([5])).toEqual({ median: 5, min: 5, max: 5 });
});

test("no value is an error", () => {
  expect(() => spreadOf([])).toThrow(RangeError);
});
