import { expect, test } from "vitest";
import { defaultRegistry, type Payload } from "../containers/index.js";
import { NdArray } from "../ndarray/index.js";
import { splitResult, type Part } from "./split-result.js";

const payloadOf = (value: unknown): Payload => defaultRegistry.containerOf(value).toPayload(value, 0) as Payload;
const parts = (...rows: number[]): Part[] => rows.map((count) => ({ rows: count, share: false }));
const matrix = NdArray.from([[1, 2], [3, 4], [5, 6]]);

test("each caller gets its rows, in memory of its own", () => {
  const results = splitResult(payloadOf(matrix), parts(1, 2), 0, "m") as NdArray[];
  expect(results.map((result) => result.toNested())).toEqual([[[1, 2]], [[3, 4], [5, 6]]]);
  for (const { data } of results) expect((data as Float32Array).buffer.byteLength).toBe((data as Float32Array).byteLength);
});

test("a caller that shares gets a view", () => {
  const [first, second] = splitResult(payloadOf(matrix), [{ rows: 1, share: true }, { rows: 2, share: true }], 0, "m") as [NdArray, NdArray];
  expect((first.data as Float32Array).buffer).toBe((second.data as Float32Array).buffer);
  expect(second.toNested()).toEqual([[3, 4], [5, 6]]);
});

test("records, lists, strings and another dim", () => {
  expect(splitResult(payloadOf({ a: matrix, b: NdArray.from(["x", "y", "z"]) }), parts(2, 1), 0, "m")).toMatchObject([{ b: { data: ["x", "y"] } }, { b: { data: ["z"] } }]);
  expect(splitResult(payloadOf([1, 2, 3]), parts(2, 1), 0, "m")).toEqual([[1, 2], [3]]);
  expect((splitResult(payloadOf(matrix), parts(1, 1), 1, "m") as NdArray[]).map((part) => part.toNested())).toEqual([[[1], [3], [5]], [[2], [4], [6]]]);
});

test.each([
  { what: "too few rows", value: matrix, rows: [2, 2] },
  { what: "too many rows", value: matrix, rows: [2] },
  { what: "an output of a record", value: { a: matrix, b: NdArray.from([1]) }, rows: [1, 2] },
  { what: "a list", value: [1], rows: [1, 1] },
  { what: "a scalar tensor", value: NdArray.from(1), rows: [1] },
])("a result of the wrong length is an error: $what", ({ value, rows }) => {
  expect(() => splitResult(payloadOf(value), parts(...rows), 0, "m")).toThrow(/got a batch of \d+ items but answered/);
});
