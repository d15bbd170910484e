import { afterEach, expect, test, vi } from "vitest";
import { InvalidArgumentError } from "../errors/index.js";
import { NdArray } from "../ndarray/index.js";
import { checkedData, checkedLabels } from "./plain-data.js";

afterEach(() => {
  vi.restoreAllMocks();
});

test("labels are text, and the argument is copied", () => {
  const labels = { a: "b" };
  const checked = checkedLabels(labels);
  expect(checked).toEqual(labels);
  expect(checked).not.toBe(labels);
  expect(() => checkedLabels(["a"] as never)).toThrow(InvalidArgumentError);
});

test("labels that are numbers, bigints or booleans become text, with one warning for all of them", () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const labels = { text: "x", stage: 3, big: 2n ** 64n, live: true } as never;
  expect(checkedLabels(labels)).toEqual({ text: "x", stage: "3", big: "18446744073709551616", live: "true" });
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("changed to it: stage, big, live"), {
    type: "BentoMLWarning",
    code: "BENTOML_LABELS_CONVERTED",
  });
  expect(labels).toEqual({ text: "x", stage: 3, big: 2n ** 64n, live: true });
});

test.each([[null, "null"], [undefined, "undefined"], [{ b: 1 }, "an instance of Object"], [["b"], "an instance of Array"], [() => 1, "a function"]])(
  "a label %s is refused by its name, without a warning",
  (value, shown) => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    expect(() => checkedLabels({ first: 1, a: value } as never)).toThrow(`labels.a must be text, got ${shown}. Put what is no text into metadata.`);
    expect(warn).not.toHaveBeenCalled();
  },
);

test("an NdArray in metadata becomes a nested list", () => {
  const data = {
    counts: NdArray.from(new Uint32Array([2, 3, 4])),
    matrix: NdArray.from([[1, 0.5], [-2, 4]], "float16"),
    wide: NdArray.from([[2n ** 53n + 1n]]),
    scalar: new NdArray("float64", [], Float64Array.of(0.1)),
    names: NdArray.from(["a", "b"]),
    empty: NdArray.zeros("float32", [0, 3]),
  };
  expect(checkedData({ nested: [data] }, "metadata", false)).toEqual({
    nested: [{ counts: [2, 3, 4], matrix: [[1, 0.5], [-2, 4]], wide: [[2n ** 53n + 1n]], scalar: 0.1, names: ["a", "b"], empty: [] }],
  });
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
