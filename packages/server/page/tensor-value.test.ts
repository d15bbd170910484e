import { expect, test } from "vitest";
import { parseTensor, sampleTensor, tensorText } from "./tensor-value.js";

const table = { name: "x", datatype: "FP32", shape: ["batch", 2] };

test("a sample fits its signature, with one for open dims", () => {
  expect(sampleTensor(table)).toEqual({ name: "x", datatype: "FP32", shape: [1, 2], data: [0, 0.7] });
  expect(sampleTensor({ name: "b", datatype: "BOOL", shape: [-1, 3] }).data).toEqual([true, false, true]);
  expect(sampleTensor({ name: "t", datatype: "BYTES", shape: [] })).toEqual({ name: "t", datatype: "BYTES", shape: [], data: ["text"] });
});

test.each([[["batch", 2]], [[2, 1, 3]], [[]], [[0]], [[4]]])("text of a sample is read back: %j", (shape) => {
  const tensor = { name: "x", datatype: "INT32", shape };
  const sample = sampleTensor(tensor);
  expect(parseTensor(tensorText(sample), tensor)).toEqual(sample);
});

test("the number of rows is that of the lists", () => {
  expect(parseTensor("[[1, 2], [3, 4], [5, 6]]", table)).toMatchObject({ shape: [3, 2], data: [1, 2, 3, 4, 5, 6] });
});

test("a flat list is enough where one dim is open at most", () => {
  expect(parseTensor("[1, 2, 3, 4]", table).shape).toEqual([2, 2]);
  expect(() => parseTensor("[1, 2, 3]", table)).toThrow("The shape must be [batch, 2]; these lists make [3].");
  expect(() => parseTensor("[1, 2]", { ...table, shape: [-1, "b"] })).toThrow("The shape must be [?, b]; these lists make [2].");
});

test.each([
  ["[[1, 2]", "This is no JSON"],
  ["[[1, 2], [3]]", "The lists inside a list must all have the same length."],
  ["[[1, null]]", "Lists may hold numbers, texts, true and false."],
  ["[[[1, 2]]]", "these lists make [1, 1, 2]"],
])("%s is refused", (text, reason) => {
  expect(() => parseTensor(text, table)).toThrow(reason);
});
