import { expect, test } from "vitest";
import { InvalidArgumentError } from "../errors/index.js";
import { kwargs, Params } from "./index.js";

test("values are positions, a trailing kwargs gives keywords", () => {
  expect(Params.of(1, "b").args).toEqual([1, "b"]);
  expect(Params.of(kwargs({ x: 1 }))).toEqual(new Params([], { x: 1 }));
  expect(Params.of(1, kwargs({ x: 2 }))).toEqual(new Params([1], { x: 2 }));
  expect(Params.of({ x: 1 })).toEqual(new Params([{ x: 1 }]));
  expect(Params.of()).toEqual(new Params([]));
});

test("keywords before a position are refused", () => {
  expect(() => Params.of(kwargs({ x: 1 }), 2)).toThrow(InvalidArgumentError);
  expect(() => Params.of(kwargs({ x: 1 }), 2)).toThrow(/kwargs\(…\) is argument 0 of 2/);
});

test("kwargs copies its record", () => {
  const record = { x: 1 };
  const params = kwargs(record);
  record.x = 2;
  expect(params.kwargs).toEqual({ x: 1 });
});

test("entries, size and sample go through positions, then keywords", () => {
  const params = new Params(["a", "b"], { y: "c" });
  expect(params.entries()).toEqual([[0, "a"], [1, "b"], ["y", "c"]]);
  expect(params.size).toBe(3);
  expect(params.sample).toBe("a");
  expect(new Params([], { y: "c" }).sample).toBe("c");
  expect(new Params([]).sample).toBeUndefined();
});

test("get finds arguments and nothing of a prototype", () => {
  const params = new Params<unknown>([1], { x: 2 });
  expect([params.get(0), params.get("x"), params.get(1), params.get("toString")]).toEqual([1, 2, undefined, undefined]);
});

test("map keeps the form, also of a keyword called __proto__", () => {
  const mapped = new Params<number>([1], { x: 2 }).map((value, key) => `${String(key)}=${String(value)}`);
  expect(mapped).toEqual(new Params(["0=1"], { x: "x=2" }));
  const odd = new Params<number>([], JSON.parse('{"__proto__":1}') as Record<string, number>).map((value) => value + 1);
  expect(odd.entries()).toEqual([["__proto__", 2]]);
});

test("fromEntries takes what entries gave, in any order", () => {
  const params = new Params<unknown>(["a", "b"], { y: "c", "0": "d", ["__proto__"]: "e" });
  expect(Params.fromEntries(params.entries().reverse()).entries()).toEqual(expect.arrayContaining(params.entries()));
  expect(Params.fromEntries(params.entries())).toEqual(params);
  expect(Params.fromEntries([])).toEqual(new Params([]));
  for (const positions of [[1], [0, 2], [0, 0], [-1, 0], [0.5], [NaN]]) {
    expect(() => Params.fromEntries(positions.map((position) => [position, "a"] as const))).toThrow(/without a gap or a repeat/);
  }
  expect(() => Params.fromEntries([["x", 1], ["x", 2]])).toThrow(/keyword comes twice in x, x/);
});

test("transpose gives each call its values, positions and keywords alike", () => {
  expect(Params.transpose(new Params<unknown[]>([[1, 2]], { x: ["a", "b"] }))).toEqual([new Params<unknown>([1], { x: "a" }), new Params<unknown>([2], { x: "b" })]);
  expect(Params.transpose(new Params<number[]>([]))).toEqual([]);
  expect(() => Params.transpose(new Params([[1, 2]], { x: [3] }))).toThrow(/cannot be transposed: \{0: 2, x: 1\}/);
});

test("transpose undoes aggregate", () => {
  const calls = [new Params([1], { x: 2 }), new Params([3], { x: 4 }), new Params([5], { x: 6 })];
  expect(Params.transpose(Params.aggregate(calls, (values) => values))).toEqual(calls);
});

test("allEqual compares deeply, and has no trouble with no arguments", () => {
  expect([new Params([[1], [1]], { x: [1] }).allEqual(), new Params([[1]], { x: [2] }).allEqual(), new Params([]).allEqual()]).toEqual([true, false, true]);
});

test("D7a: aggregate groups argument by argument and drops none", () => {
  const calls = [new Params([1], { x: 2 }), new Params([3], { x: 4 })];
  expect(Params.aggregate(calls, (values) => values)).toEqual(new Params([[1, 3]], { x: [2, 4] }));
  expect(Params.aggregate([], (values) => values)).toEqual(new Params([]));
  for (const other of [new Params([3], { x: 4, z: 5 }), new Params([3]), new Params([3], { z: 4 }), new Params([3, 3], { x: 4 })]) {
    expect(() => Params.aggregate([calls[0]!, other], (values) => values)).toThrow(/different arguments cannot be joined: \(0, x\) and/);
    expect(() => Params.aggregate([other, calls[0]!], (values) => values)).toThrow(/different arguments/);
  }
});

test("Params of another copy of the package are recognised, records are not", () => {
  expect(Params.isParams({ [Symbol.for("bentoml.Params")]: 1, args: [], kwargs: {} })).toBe(true);
  expect(Params.isParams(kwargs({}))).toBe(true);
  expect(Params.isParams({ args: [], kwargs: {} })).toBe(false);
  expect(Params.isParams(null)).toBe(false);
});
