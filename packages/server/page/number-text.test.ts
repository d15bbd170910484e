import { expect, test } from "vitest";
import { isProbabilities, percentText } from "./bar-list.js";
import { niceCeiling } from "./charts.js";
import { isScores } from "./output-view.js";
import { bytesText, durationText, numberText, rateText } from "./number-text.js";

test("numbers for people", () => {
  expect([0, 0.012345, 1.5, 99.96, 1234.5, -3.14159, NaN].map(numberText)).toEqual(["0", "0.0123", "1.5", "100", "1,235", "-3.14", "NaN"]);
  expect([0, 0.04, 1.26, 152.4].map(rateText)).toEqual(["0", "0", "1.3", "152"]);
  expect([0.42, 1500, 12_345].map(durationText)).toEqual(["0.42 ms", "1,500 ms", "12.3 s"]);
  expect([12, 1234, 5_600_000].map(bytesText)).toEqual(["12 B", "1.23 kB", "5.6 MB"]);
});

test("shares in percent, and what counts as shares", () => {
  expect([0, 0.0004, 0.123, 0.9999, 1].map(percentText)).toEqual(["0 %", "< 0.1 %", "12.3 %", "100 %", "100 %"]);
  expect([[0.2, 0.8], [0.5, 0.6], [-0.5, 1.5], [1]].map(isProbabilities)).toEqual([true, false, false, false]);
});

test("what is taken as scores of classes", () => {
  expect([isScores("y", [0.3, 0.7]), isScores("y", [3, 4]), isScores("class_logits", [3, -4])]).toEqual([true, false, true]);
});

test("the top of a chart is the next round number", () => {
  expect([0, 0.3, 1, 1.2, 7, 41, 99].map(niceCeiling)).toEqual([1, 0.3, 1, 1.5, 8, 50, 100]);
});
