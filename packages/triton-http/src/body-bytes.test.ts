import { expect, test } from "vitest";
import { BodyBytes } from "./body-bytes.js";

function collected(declared: string | undefined, ...chunks: readonly (readonly number[])[]): number[] {
  const body = new BodyBytes(declared);
  for (const chunk of chunks) body.add(Uint8Array.from(chunk));
  return [...body.bytes()];
}

test.each<[string, string | undefined, readonly (readonly number[])[]]>([
  ["one chunk of the declared length", "3", [[1, 2, 3]]],
  ["several", "3", [[1], [2, 3]]],
  ["an empty one first", "3", [[], [1, 2], [3]]],
  ["no length", undefined, [[1, 2], [3]]],
  ["a length that is none", "many", [[1, 2, 3]]],
  ["more than was declared", "2", [[1], [2, 3]]],
  ["more than was declared at once", "2", [[1, 2, 3]]],
  ["less than was declared", "9", [[1, 2], [3]]],
])("%s", (_name, declared, chunks) => {
  expect(collected(declared, ...chunks)).toEqual([1, 2, 3]);
});

test("nothing", () => {
  expect([collected("0"), collected(undefined), collected("5")]).toEqual([[], [], []]);
});

test("a whole answer in one chunk is not copied", () => {
  const body = new BodyBytes("2");
  const chunk = Uint8Array.of(1, 2);
  body.add(chunk);
  expect(body.bytes()).toBe(chunk);
});
