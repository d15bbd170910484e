import { expect, test } from "vitest";
import { Gathering } from "./gathering.js";

/** Calls that arrive in each turn, with others running; true for each turn that ends without a batch. */
function turns(arrivals: readonly number[], { running = 0, workers = 1 } = {}): boolean[] {
  const gathering = new Gathering();
  let waiting = 0;
  return arrivals.map((count) => {
    for (let call = 0; call < count; call++) gathering.arrived();
    waiting += count;
    return gathering.goesOn(waiting, running, workers);
  });
}

test("goes on while calls come in, up to half of those in the system", () => {
  expect(turns([2, 2, 2, 2, 2, 2, 2], { running: 12 })).toEqual([true, true, true, true, true, false, false]);
});

test("ends with the first turn that brings no call", () => {
  expect(turns([2, 2, 0], { running: 20 })).toEqual([true, true, false]);
});

test("a lone call, and all calls of the system at once, start in their own turn", () => {
  expect(turns([1])).toEqual([false]);
  expect(turns([16])).toEqual([false]);
  expect(turns([1], { running: 30 })).toEqual([false]);
});

test("with more workers each batch is a smaller part", () => {
  expect(turns([4], { running: 12, workers: 1 })).toEqual([true]);
  expect(turns([4], { running: 12, workers: 3 })).toEqual([false]);
});

test("forgets a crowd that is gone", () => {
  const gathering = new Gathering();
  gathering.goesOn(0, 64, 1);
  for (let turn = 0; turn < 200; turn++) gathering.goesOn(1, 0, 1);
  gathering.arrived();
  expect(gathering.goesOn(2, 0, 1)).toBe(false);
});
