import { expect, test } from "vitest";
import { terminalPicture } from "./terminal-picture.js";

test("every line that is not empty is drawn, below the one before it, with what XML needs escaped", () => {
  const picture = terminalPicture("  a < b\n\n  second & last\n\n");
  const drawn = [...picture.matchAll(/<text [^>]*y="([\d.]+)"[^>]*>([^<]*)<\/text>/g)].map(([, y, text]) => [Number(y), text]);
  expect(drawn).toEqual([
    [39, "  a &lt; b"],
    [79, "  second &amp; last"],
  ]);
});

test("the picture is wide enough for the longest line", () => {
  const width = Number(/width="(\d+)"/.exec(terminalPicture("x".repeat(80)))?.[1]);
  expect(width).toBeGreaterThanOrEqual(80 * 8);
});
