import { expect, test } from "vitest";
import { boxOfDrawing, containBox } from "./image-fitting.js";
import type { ImageLayout } from "./image-layout.js";

const paper = (width: number, height: number, ink: readonly (readonly [number, number])[]): number[] => {
  const colours = new Array<number>(width * height * 4).fill(255);
  for (const [x, y] of ink) colours.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
  return colours;
};

test("the box around what is drawn", () => {
  const colours = paper(6, 5, [[1, 2], [4, 3]]);
  expect(boxOfDrawing(colours, { width: 6, height: 5 }, 255)).toEqual({ left: 1, top: 2, width: 4, height: 2 });
  expect(boxOfDrawing(paper(6, 5, []), { width: 6, height: 5 }, 255)).toBeUndefined();
});

test("small sets fill the frame, the 28 x 28 ones leave a margin", () => {
  const square = (side: number): ImageLayout => ({ width: side, height: side, channels: 1, order: "HW", shape: [] });
  const tall = { left: 0, top: 0, width: 50, height: 100 };
  expect(containBox(tall, square(8))).toEqual({ left: 2, top: 0, width: 4, height: 8 });
  expect(containBox(tall, square(28))).toEqual({ left: 9, top: 4, width: 10, height: 20 });
});
