import { expect, test } from "vitest";
import { BackOff } from "./back-off.js";

test("at once, then later each time, up to 10 s", () => {
  const backOff = new BackOff(() => 0);
  expect(Array.from({ length: 11 }, () => backOff.ended())).toEqual([0, 50, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
});

test("a process that served for a while is started at once again", () => {
  let now = 0;
  const backOff = new BackOff(() => now);
  for (let end = 0; end < 5; end++) backOff.ended();
  backOff.ready();
  now = 9_999;
  expect(backOff.ended()).toBe(800);
  backOff.ready();
  now += 10_000;
  expect(backOff.ended()).toBe(0);
});
