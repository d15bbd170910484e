import { expect, test } from "vitest";
import { renderResults } from "./result-table.js";

test("values stand at the right, notes follow them", () => {
  const rows = [
    ["accuracy", "99.16 %", "of 359"],
    ["p50", "4 ms", ""],
  ] as const;
  expect(renderResults(rows)).toEqual([
    "─────────────────────────",
    "accuracy  99.16 %  of 359",
    "p50          4 ms",
    "─────────────────────────",
  ]);
});

test("a styled note does not move anything", () => {
  expect(renderResults([["a", "1", "note"]], (note) => `<${note}>`)[1]).toBe("a  1  <note>");
});
