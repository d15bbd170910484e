import { InvalidArgumentError, NdArray } from "bentoml-core";
import { describe, expect, test } from "vitest";
import { DataFrame } from "./data-frame.js";
import { ForeignFrame } from "./foreign-frame.testing.js";
import { Series } from "./series.js";

describe("a frame is made of", () => {
  test("records, whose fields may be missing", () => {
    const frame = DataFrame.from([{ a: 1, b: "x" }, { b: null, c: true }, { a: undefined, c: false }]);
    expect(frame.columns).toEqual(["a", "b", "c"]);
    expect(frame.dtypes).toEqual(["float64", "string", "bool"]);
    expect(frame.shape).toEqual([3, 3]);
    expect(frame.values).toEqual([[1, "x", null], [null, null, true], [null, null, false]]);
  });

  test("columns, of which typed arrays keep their dtype and are copied", () => {
    const numbers = Float32Array.of(0.5, NaN);
    const frame = DataFrame.from({ f: numbers, u: Uint8Array.of(1, 255), i: BigInt64Array.of(-1n, 2n), n: [1n, null], d: [new Date(7), new Date(NaN)] }, { index: ["p", 4] });
    numbers[0] = 9;
    expect(frame.dtypes).toEqual(["float32", "uint8", "int64", "int64", "datetime"]);
    expect(frame.index).toEqual(["p", 4]);
    expect(frame.values).toEqual([[0.5, 1, -1n, 1n, new Date(7)], [NaN, 255, 2n, null, null]]);
  });

  test("a foreign frame, whose NaN is missing where values are no numbers", () => {
    const frame = DataFrame.from(new ForeignFrame([[NaN, NaN, null, 1], ["x", true, undefined, NaN]], { columns: ["s", "b", "e", "n"], dtypes: ["string", "boolean", "string", "int32"] }));
    expect(frame.dtypes).toEqual(["string", "bool", "string", "float64"]);
    expect(frame.values).toEqual([[null, null, null, 1], ["x", true, null, NaN]]);
  });

  test.each<{ value: unknown; message: RegExp }>([
    { value: { a: [1, "x"] }, message: /Column "a" is mixed: row 0 is a number and row 1 a string/ },
    { value: { a: [null, true, 3] }, message: /row 1 is a bool and row 2 a number/ },
    { value: { a: [[1]] }, message: /Row 0 of column "a" is a list/ },
    { value: { a: [2n ** 63n] }, message: /Row 0 of column "a" is 9223372036854775808, which does not fit in int64/ },
    { value: { a: [1], b: [1, 2] }, message: /"a" has 1 values and "b" has 2/ },
    { value: { a: 3 }, message: /Column "a" is of type number/ },
    { value: [{ a: 1 }, [1]], message: /Row 1 of a list of records is a list/ },
    { value: "text", message: /A value of type string is no frame/ },
  ])("nothing else: $message", ({ value, message }) => {
    expect(() => DataFrame.from(value as never)).toThrow(message);
    expect(() => DataFrame.from(value as never)).toThrow(InvalidArgumentError);
  });

  test("columns of other names only, and a label for each row", () => {
    expect(() => DataFrame.from(new ForeignFrame([[1, 2]], { columns: ["a", "a"] }))).toThrow(/two columns called "a"/);
    expect(() => DataFrame.from({ a: [1] }, { index: [] })).toThrow(/0 labels for 1 rows/);
    expect(() => DataFrame.from({ a: [1] }, { index: [NaN] })).toThrow(/Label 0 of the index is NaN/);
  });
});

describe("a frame gives", () => {
  const frame = DataFrame.from({ a: [1, 2, 3], b: [true, null, false], c: ["x", "y", null] }, { index: ["p", "q", "r"] });

  test("columns and rows, with the labels", () => {
    const column = frame.column("a");
    expect(column).toBeInstanceOf(Series);
    expect([column.name, column.values, column.index, column.shape]).toEqual(["a", [1, 2, 3], ["p", "q", "r"], [3]]);
    expect(frame.select(["c", "a"]).values).toEqual([["x", 1], ["y", 2], [null, 3]]);
    expect(frame.slice(1).index).toEqual(["q", "r"]);
    expect(frame.slice(1, 1).shape).toEqual([0, 3]);
    expect(frame.toRecords()[1]).toEqual({ a: 2, b: null, c: "y" });
    expect(() => frame.column("d")).toThrow(/There is no column "d"; the frame has "a", "b", "c"/);
    expect(() => frame.slice(2, 4)).toThrow(/no rows 2 to 4 in a frame of 3/);
  });

  test("other columns of the same rows", () => {
    const other = frame.withColumns({ z: [7, 8, 9] });
    expect([other.columns, other.index]).toEqual([["z"], ["p", "q", "r"]]);
    expect(() => frame.withColumns({ z: [7] })).toThrow(/1 values for 3 rows/);
  });

  test("an array, with NaN for what is missing", () => {
    expect(frame.select(["a", "b"]).toNdArray()).toEqual(new NdArray("float32", [3, 2], Float32Array.of(1, 1, 2, NaN, 3, 0)));
    expect(() => frame.toNdArray()).toThrow(/Column "c" is of dtype string/);
    expect(() => DataFrame.from({ a: [2n ** 53n] }).toNdArray("float64")).toThrow(/9007199254740992, which no float64 holds exactly/);
  });

  test("itself where no class of its caller's is known", () => {
    expect(frame.inCallersClass()).toBe(frame);
  });
});
