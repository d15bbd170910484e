import { readFileSync } from "node:fs";
import { seededRandom } from "@bentoml-tools/onnx-models";
import { describe, expect, it } from "vitest";
import { parseDigits } from "./digit-set.js";
import { heldOutPath, readHeldOut } from "./held-out-data.js";
import { stratifiedSplit } from "./stratified-split.js";
import { readTraining, trainingPath } from "./training-data.js";

const digits = Array.from({ length: 10 }, (_, digit) => digit);

describe.each([
  { name: "training", read: readTraining, count: 1438 },
  { name: "held-out", read: readHeldOut, count: 359 },
])("the $name digits", ({ read, count }) => {
  const set = read();

  it("are as many images as labels", () => {
    expect(set.count).toBe(count);
    expect(set.images).toHaveLength(count * 64);
    expect(set.labels).toHaveLength(count);
  });

  it("use the whole range of brightness", () => {
    expect(set.images.reduce((low, pixel) => Math.min(low, pixel))).toBe(0);
    expect(set.images.reduce((high, pixel) => Math.max(high, pixel))).toBe(16);
  });

  it.each(digits)("show %i about as often as any other", (digit) => {
    const share = set.labels.filter((label) => label === digit).length / count;
    expect(share).toBeGreaterThan(0.09);
    expect(share).toBeLessThan(0.11);
  });
});

describe("the two files", () => {
  it("have no image in common", () => {
    const imageOf = (line: string): string => line.slice(0, line.lastIndexOf(","));
    const linesOf = (path: string): string[] => readFileSync(path, "utf8").trim().split("\n");
    const training = new Set(linesOf(trainingPath).map(imageOf));
    expect(linesOf(heldOutPath).filter((line) => training.has(imageOf(line)))).toEqual([]);
  });
});

describe("parseDigits", () => {
  const pixels = Array.from({ length: 64 }, (_, index) => index % 17);

  it("reads pixels and label", () => {
    const set = parseDigits(`${pixels.join(",")},7\n`);
    expect(set.images).toEqual(Float32Array.from(pixels));
    expect(set.labels).toEqual(Uint8Array.of(7));
  });

  it.each([
    ["too few numbers", "1,2,3"],
    ["a label that is no digit", `${pixels.join(",")},10`],
    ["a pixel out of range", `${[17, ...pixels.slice(1)].join(",")},1`],
    ["text", `${pixels.join(",")},one`],
  ])("refuses %s", (_name, line) => {
    expect(() => parseDigits(line)).toThrow(/Line 1/);
  });
});

describe("stratifiedSplit", () => {
  const items = Array.from({ length: 30 }, (_, index) => index);
  const classOf = (item: number): string => (item < 20 ? "common" : "rare");

  it("takes the share of each class and loses nothing", () => {
    const { training, heldOut } = stratifiedSplit(items, classOf, 0.2, seededRandom(1));
    expect(heldOut.filter((item) => item < 20)).toHaveLength(4);
    expect(heldOut.filter((item) => item >= 20)).toHaveLength(2);
    expect([...training, ...heldOut].sort((left, right) => left - right)).toEqual(items);
  });

  it("is the same for the same seed", () => {
    const split = stratifiedSplit(items, classOf, 0.2, seededRandom(1));
    expect(stratifiedSplit(items, classOf, 0.2, seededRandom(1))).toEqual(split);
  });
});
