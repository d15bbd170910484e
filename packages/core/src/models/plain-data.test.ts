import { expect, test } from "vitest";
import { InvalidArgumentError } from "../errors/index.js";
import { checkedData, checkedLabels } from "./plain-data.js";

test("labels are text, and the argument is copied", () => {
  const labels = { a: "b" };
  const checked = checkedLabels(labels);
  expect(checked).toEqual(labels);
  expect(checked).not.toBe(labels);
  expect(() => checkedLabels({ a: 1 } as never)).toThrow("labels.a must be text, got number");
  expect(() => checkedLabels(["a"] as never)).toThrow(InvalidArgumentError);
});

test("data keeps what a model.yaml can hold and leaves its argument as it was", () => {
  const data = {
    text: "x", number: 1.5, big: 10n, flag: true, date: new Date(0), bytes: new Uint8Array([1, 2]), list: [1, ["a"]],
    typed: new Float32Array([1, 0.5]), wide: new BigInt64Array([7n]), nested: { deep: { deeper: [] } }, absent: undefined,
  };
  const before = structuredClone(data);
  const checked = checkedData(data, "metadata", false);
  expect(data).toEqual(before);
  const { absent: _absent, ...rest } = data;
  expect(checked).toEqual({ ...rest, bytes: Buffer.from([1, 2]), typed: [1, 0.5], wide: [7n] });
  expect("absent" in checked).toBe(false);
});

test("the same object twice is fine, an object in itself is not", () => {
  const shared = { a: 1 };
  expect(checkedData({ one: shared, two: [shared, shared] }, "metadata", false)).toEqual({ one: shared, two: [shared, shared] });
  const circle: Record<string, unknown> = { list: [] };
  (circle["list"] as unknown[]).push(circle);
  expect(() => checkedData(circle, "metadata", false)).toThrow("metadata.list[0] contains itself");
});

test.each([
  [{ a: [1, null] }, "metadata.a[1] is null"],
  [{ a: { b: () => 1 } }, "metadata.a.b is a function"],
  [{ a: new Map() }, "metadata.a is an instance of Map"],
  [{ a: [undefined] }, "metadata.a[0] is undefined"],
  [{ a: Symbol("x") }, "metadata.a is a symbol"],
  [{ a: new Date(Number.NaN) }, "metadata.a is an invalid Date"],
])("%j is refused by its path", (data, message) => {
  expect(() => checkedData(data, "metadata", false)).toThrow(InvalidArgumentError);
  expect(() => checkedData(data, "metadata", false)).toThrow(message);
});

test("null is allowed in options", () => {
  expect(checkedData({ a: null }, "options", true)).toEqual({ a: null });
});
