import { expect, test } from "vitest";
import { bandsOf } from "./pixel-bands.js";

test("bands follow each other in each frame, and the last one is what is left", () => {
  expect([...bandsOf({ width: 5, height: 2, frames: 2 }, 4)]).toEqual([
    { frame: 0, first: 0, end: 4 },
    { frame: 0, first: 4, end: 8 },
    { frame: 0, first: 8, end: 10 },
    { frame: 1, first: 0, end: 4 },
    { frame: 1, first: 4, end: 8 },
    { frame: 1, first: 8, end: 10 },
  ]);
});
