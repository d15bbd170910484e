import { describe, expect, it } from "vitest";
import { shifted } from "./augmentation.js";

/** An image [8, 8] of zeros with one pixel set. */
function imageWithPixel(row: number, column: number): Float64Array {
  const image = new Float64Array(64);
  image[row * 8 + column] = 9;
  return image;
}

describe("shifted", () => {
  it.each([
    { down: 0, right: 0, row: 2, column: 5 },
    { down: 1, right: 0, row: 3, column: 5 },
    { down: -1, right: 0, row: 1, column: 5 },
    { down: 0, right: 1, row: 2, column: 6 },
    { down: 0, right: -1, row: 2, column: 4 },
  ])("moves by $down down and $right right", ({ down, right, row, column }) => {
    expect(shifted(imageWithPixel(2, 5), { down, right })).toEqual(imageWithPixel(row, column));
  });

  it("drops what leaves the image instead of bringing it back on the other side", () => {
    expect(shifted(imageWithPixel(2, 7), { down: 0, right: 1 })).toEqual(new Float64Array(64));
    expect(shifted(imageWithPixel(7, 2), { down: 1, right: 0 })).toEqual(new Float64Array(64));
  });
});
