import { expect, test } from "vitest";
import { oneLine } from "./one-line.js";

test("line breaks become blanks and escape sequences are spelled out", () => {
  expect(oneLine("  a\r\n\tb  c\n")).toBe("a b c");
  expect(oneLine("\u001b[31mred\u0007\u009b2J")).toBe("\\x1b[31mred\\x07\\x9b2J");
});
