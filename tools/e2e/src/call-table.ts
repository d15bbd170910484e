import { NdArray, kwargs, type RunnableMethods } from "bentoml-core";

/** Calls of the fixtures `Arithmetic` and `Everything`, with what each must answer wherever its runner runs, and however it is reached. */

export const rows = (...values: number[]): NdArray => new NdArray("float32", [values.length, 1], Float32Array.from(values));
const filled = (...shape: number[]): NdArray => new NdArray("float32", shape, new Float32Array(shape.reduce((product, dim) => product * dim, 1)).fill(1));

/** Tensors by what they say, wherever their memory lies. */
export function plainly(value: unknown): unknown {
  if (NdArray.isNdArray(value)) return { dtype: value.dtype, shape: [...value.shape], values: value.toNested() };
  if (Array.isArray(value)) return value.map(plainly);
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainly(inner)]));
  }
  return value;
}

export type Answer = readonly [what: string, methodName: string, args: readonly unknown[], expected: unknown];

const dates = { at: new Date(1_700_000_000_000), big: 12_345_678_901_234_567_890n, map: new Map([["a", new Set([1, 2])]]), odd: [NaN, -0, Infinity], nothing: undefined };

export const echoes: readonly (readonly [what: string, value: unknown])[] = [
  ["null", null],
  ["undefined", undefined],
  ["a boolean", true],
  ["a number", 0.1],
  ["a text", "żółć \u0000 😀"],
  ["an empty text", ""],
  ["a bigint", -5n],
  ["an empty list", []],
  ["lists in lists", [[1], [[2, "x"]], []]],
  ["an empty record", {}],
  ["a record with odd keys", { "": 1, "a b": 2, toString: 3 }],
  ["what JSON cannot say", dates],
  ["bytes in a record", { bytes: Uint8Array.of(1, 2, 3), wide: BigInt64Array.of(1n, -1n) }],
  ["tensors in a list with other values", [1, NdArray.from([1, 2]), "x"]],
  ["several outputs", [NdArray.from([1, 2]), NdArray.from(["a"])]],
  ["a list of records of tensors", [{ a: NdArray.from([1]) }, { a: NdArray.from([2]) }]],
  ["a tensor without dims", new NdArray("float64", [], Float64Array.of(3))],
  ["a tensor without rows", new NdArray("int32", [0, 3], new Int32Array(0))],
  ["a tensor of many dims", filled(1, 2, 1, 2, 1, 1, 1, 2)],
  ["a record of tensors", { a: NdArray.from([[1, 2]]), b: NdArray.from(["x", "yż"]) }],
  ...(["bool", "int8", "uint16", "int64", "float16", "bfloat16", "float64", "string"] as const).map((dtype) => [`a tensor of ${dtype}`, NdArray.zeros(dtype, [2, 2])] as const),
  ["a large tensor", filled(300, 700)],
];

export const answers: readonly Answer[] = [
  ...echoes.map(([what, value]): Answer => [what, "value", [value], value]),
  ["rows", "double", [rows(1, 2, 3)], rows(2, 4, 6)],
  ["one row", "double", [rows(7)], rows(14)],
  ["more rows than a batch has", "double", [rows(1, 2, 3, 4, 5, 6, 7, 8, 9)], rows(2, 4, 6, 8, 10, 12, 14, 16, 18)],
  ["a record of rows, two outputs by name", "sum", [{ a: rows(5, 7), b: rows(2, 3) }], { sum: rows(7, 10), difference: rows(3, 4) }],
  ["a side argument", "scale", [rows(1, 2), 10], rows(10, 20)],
  ["keywords", "named", [kwargs({ x: rows(1, 2), factor: 3 })], rows(3, 6)],
  ["a list of texts", "lengths", [["a", "bcd", ""]], [1, 3, 0]],
  ["a batch dim of its own", "columns", [NdArray.from([[1, 2, 3], [4, 5, 6]])], NdArray.from([[1, 2, 3], [4, 5, 6]])],
  ["no batching", "whole", [rows(1, 2)], NdArray.from([3])],
  ["no arguments", "count", [], 0],
  ["three arguments and keywords", "count", [1, [2], null, kwargs({ a: 1, "b c": 2 })], 4],
];

export type Refusal = readonly [what: string, methodName: string, args: readonly unknown[], error: { readonly name: string; readonly message: RegExp; readonly code?: string }];

export const refusals: readonly Refusal[] = [
  ["the model's own error", "rootOfPositive", [rows(-1)], { name: "RangeError", message: /^no root of a negative number$/ }],
  ["an error of bentoml from the model", "refuse", ["the reason"], { name: "InvalidArgumentError", message: /^the reason$/, code: "MY_CODE" }],
  ["a function as argument", "value", [() => 1], { name: "InvalidArgumentError", message: /function/, code: "INVALID_ARGUMENT" }],
  ["arguments that differ in rows", "scale", [rows(1, 2), rows(1)], { name: "InvalidArgumentError", message: /argument lengths for parameters do not match/ }],
  ["a stream called as one answer", "numbers", [3], { name: "InvalidArgumentError", message: /is a stream/ }],
];

/** Those of the fixture `Everything`. */
export const EVERYTHING_METHODS: RunnableMethods = {
  value: {},
  together: {},
  count: {},
  refuse: {},
  untilAborted: {},
  traced: { batchable: true },
  numbers: { stream: true },
  traces: { stream: true },
  values: { stream: true },
  failing: { stream: true },
};
