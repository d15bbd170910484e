import { expect, test } from "vitest";
import { imageLayout, pixelsToValues, usualScale, type ImageLayout } from "./image-layout.js";

const layoutOf = (...shape: (number | string)[]): ImageLayout | undefined => imageLayout({ name: "x", datatype: "FP32", shape });

test.each([
  [["n", 64], { width: 8, height: 8, channels: 1, order: "flat", shape: [1, 64] }],
  [[-1, 784], { width: 28, height: 28, order: "flat", shape: [1, 784] }],
  [["n", 8, 8], { width: 8, height: 8, channels: 1, order: "HW", shape: [1, 8, 8] }],
  [["n", 1, 28, 28], { width: 28, channels: 1, order: "CHW", shape: [1, 1, 28, 28] }],
  [["n", 3, 480, 640], { width: 640, height: 480, channels: 3, order: "CHW", shape: [1, 3, 480, 640] }],
  [["n", 224, 224, 3], { channels: 3, order: "HWC", shape: [1, 224, 224, 3] }],
  [["n", 3, "h", "w"], { width: 224, height: 224, shape: [1, 3, 224, 224] }],
  [[1, 3, 32, 32], { shape: [1, 3, 32, 32] }],
  [[3, 32, 32], { order: "CHW", shape: [3, 32, 32] }],
])("%j looks like a picture", (shape, expected) => {
  expect(layoutOf(...shape)).toMatchObject(expected);
});

test.each([[["n", 4]], [["n"]], [[]], [["n", 63]], [["n", 5, 7]], [["n", "words"]], [["n", "words", "letters"]], [[16, 3, 32, 32]], [["n", 2, 3, 4]], [["n", 1, 1, 1]], [["n", 3, 9000, 9000]]])("%j does not", (shape) => {
  expect(layoutOf(...shape)).toBeUndefined();
});

test("texts and truths are no pictures", () => {
  expect(imageLayout({ name: "x", datatype: "BYTES", shape: ["n", 64] })).toBeUndefined();
});

test("the usual scale of pixels", () => {
  expect(usualScale(layoutOf("n", 64)!, "FP64")).toBe("sixteen");
  expect(usualScale(layoutOf("n", 784)!, "FP32")).toBe("unit");
  expect(usualScale(layoutOf("n", 224, 224, 3)!, "UINT8")).toBe("bytes");
});

const twoPixels = [255, 0, 0, 255, 0, 51, 255, 255];
const pair = (order: "CHW" | "HWC", channels: 1 | 3): ImageLayout => ({ width: 2, height: 1, channels, order, shape: [] });

test("values lie as the layout has them, scaled, and whole for integers", () => {
  expect(pixelsToValues(twoPixels, pair("HWC", 3), "UINT8", "bytes", false)).toEqual([255, 0, 0, 0, 51, 255]);
  expect(pixelsToValues(twoPixels, pair("CHW", 3), "FP32", "unit", false)).toEqual([1, 0, 0, 0.2, 0, 1]);
  expect(pixelsToValues(twoPixels, pair("CHW", 3), "FP32", "signed", true)).toEqual([-1, 1, 1, 0.6, 1, -1]);
  expect(pixelsToValues(twoPixels, pair("CHW", 1), "INT32", "bytes", false)).toEqual([76, 59]);
  expect(pixelsToValues([255, 255, 255, 255], { ...pair("CHW", 3), width: 1 }, "FP32", "imageNet", false)).toEqual([2.2489, 2.4286, 2.64]);
});
