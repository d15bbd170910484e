import { NdArray } from "bentoml-core";
import { expect, test } from "vitest";
import { arraysIn, bytesIn, overwrite } from "./arrays-in.js";
import { differenceOf } from "./difference.js";

const values = (): unknown[] => [
  NdArray.from([0, 1, 0.5, NaN]),
  NdArray.from([true, false]),
  NdArray.from([0n, 7n]),
  new NdArray("string", [1], ["a"]),
  { deep: [Uint8Array.of(0, 255)] },
  [1, "b", false],
];

test("every element of every array gets another value", () => {
  const changed = values();
  overwrite(changed);
  const before = [...arraysIn(values())].map(({ data }) => Array.from(data as ArrayLike<unknown>));
  for (const [index, { data }] of [...arraysIn(changed)].entries()) {
    for (const [place, element] of Array.from(data as ArrayLike<unknown>).entries()) {
      if (typeof element !== "object") expect(element).not.toBe(before[index]?.[place]);
    }
  }
  expect(differenceOf(changed, values())).toBeDefined();
});

test("a bool array stays one", () => {
  const array = NdArray.from([true, false]);
  overwrite(array);
  expect(array.toNested()).toEqual([false, true]);
});

test("arrays are found with their paths", () => {
  expect([...arraysIn({ sum: NdArray.from([1]), parts: [Int8Array.of(1)] })].map(({ path }) => path)).toEqual([".sum.data", ".parts", ".parts[0]"]);
});

test("bytes are those of typed arrays", () => {
  expect(bytesIn([NdArray.from([1, 2]), { x: BigInt64Array.of(1n) }, "text"])).toBe(16);
});
