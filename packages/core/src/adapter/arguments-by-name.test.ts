import { expect, test } from "vitest";
import { InvalidArgumentError } from "../errors/index.js";
import { Params, kwargs } from "../containers/index.js";
import { NdArray } from "../ndarray/index.js";
import { argumentsByName } from "./arguments-by-name.js";

const named = (args: readonly unknown[], isValue?: (record: object) => boolean): object =>
  Object.fromEntries(argumentsByName(Params.of(...args), ["a", "b"], isValue));

test("values come by place, by name, in a record, or some by place and the rest by name", () => {
  const expected = { a: 1, b: [2] };
  expect(named([1, [2]])).toEqual(expected);
  expect(named([kwargs({ b: [2], a: 1 })])).toEqual(expected);
  expect(named([{ b: [2], a: 1 }])).toEqual(expected);
  expect(named([1, kwargs({ b: [2] })])).toEqual(expected);
  expect(named([Object.assign(Object.create(null) as object, expected)])).toEqual(expected);
});

test("a record that is a value is not taken apart", () => {
  const array = NdArray.from([1]);
  const convertible = { toNdArray: () => array };
  const tensor = { type: "float32", dims: [1], data: Float32Array.of(1) };
  const only = (value: unknown, isValue?: (record: object) => boolean): unknown => argumentsByName(Params.of(value), ["a"], isValue).get("a");
  for (const value of [array, convertible, [1], new Date(0), null]) expect(only(value)).toBe(value);
  expect(only(tensor, (record) => "dims" in record)).toBe(tensor);
  expect(() => only(tensor)).toThrow(/unknown: "type", "dims", "data"/);
});

test("what does not fit the names is refused, and named", () => {
  expect(() => named([1, 2, 3])).toThrow(new InvalidArgumentError('3 arguments were given, but the model has 2 inputs: "a", "b".'));
  expect(() => named([1, kwargs({ a: 1, b: 2 })])).toThrow('Input "a" was given twice, by place and by name.');
  expect(() => named([{ a: 1, c: 2 }])).toThrow('The inputs of the model are "a", "b"; missing: "b"; unknown: "c".');
  expect(() => named([1, undefined])).toThrow('missing: "b"');
  expect(() => argumentsByName(Params.of(1), [])).toThrow("the model has 0 inputs: (none).");
});
