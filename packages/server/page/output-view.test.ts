import { expect, test } from "vitest";
import { className } from "./output-view.js";

test("a class is its number, with its name where that tells more", () => {
  const labels = ["cat", "1", ""];
  expect([0, 1, 2, 3, -1, 0.5].map((index) => className(index, labels))).toEqual(["0 cat", "1", "2", "3", "-1", "0.5"]);
  expect(className(7, [])).toBe("7");
});
