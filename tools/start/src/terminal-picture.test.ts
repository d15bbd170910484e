import { expect, test } from "vitest";
import { terminalPicture } from "./terminal-picture.js";

test("every line is drawn below the one before it, what stands in a column at its place, with what XML needs escaped", () => {
  const picture = terminalPicture("\n  a < b     10\n\n  c & d      7\n\n");
  const drawn = [...picture.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)<\/text>/g)].map(([, x, y, text]) => [Number(x), Number(y), text]);
  expect(drawn).toEqual([
    [40.8, 39, "a &lt; b"],
    [124.8, 39, "10"],
    [40.8, 79, "c &amp; d"],
    [133.2, 79, "7"],
  ]);
});

test("the picture is wide enough for the longest line", () => {
  const width = Number(/width="(\d+)"/.exec(terminalPicture("x".repeat(80)))?.[1]);
  expect(width).toBeGreaterThanOrEqual(80 * 8);
});
