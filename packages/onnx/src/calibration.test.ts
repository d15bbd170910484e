import { expect, test } from "vitest";
import { chooseMeasured, settingsToMeasure, type Measurement } from "./calibration.js";

const one = { threads: 1, spinning: false };
const four = { threads: 4, spinning: false };
const spinning = { threads: 4, spinning: true };

test("what takes least from others is measured first", () => {
  expect(settingsToMeasure(one, spinning)).toEqual([one, four, spinning]);
});

test("what the user has decided is not measured otherwise", () => {
  expect(settingsToMeasure(one, one)).toEqual([one]);
  expect(settingsToMeasure(four, spinning)).toEqual([four, spinning]);
  expect(settingsToMeasure(one, four)).toEqual([one, four]);
  expect(settingsToMeasure({ threads: 1, spinning: true }, spinning)).toEqual([{ threads: 1, spinning: true }, spinning]);
});

function measured(...times: readonly (readonly [number, number?])[]): [Measurement, ...Measurement[]] {
  const settings = [one, four, spinning];
  return times.map(([singleMs, fullBatchMs], place) => ({
    ...(settings[place] ?? one),
    singleMs,
    ...(fullBatchMs === undefined ? {} : { fullBatchMs }),
  })) as [Measurement, ...Measurement[]];
}

test.each([
  ["the fastest in both", measured([4, 40], [2, 20], [3, 30]), four],
  ["no more threads for nothing", measured([1, 10], [0.95, 10], [0.95, 9.9]), one],
  ["no spinning for nothing", measured([4, 40], [2, 20], [1.9, 20]), four],
  ["spinning where it pays", measured([4, 40], [2.9, 20], [1.5, 20]), spinning],
  ["half for single calls is worth no double for full batches", measured([2, 10], [1, 20]), one],
  ["single calls alone", measured([2], [1]), four],
])("chosen: %s", (_what, measurements, setting) => {
  expect(chooseMeasured(measurements)).toMatchObject(setting);
});
