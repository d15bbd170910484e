import { expect, test } from "vitest";
import { VirtualClock } from "./virtual-clock.js";

test("timers fire in order of their time, not of their making, and see their own time", async () => {
  const clock = new VirtualClock();
  const seen: [string, number][] = [];
  clock.at(20, () => seen.push(["late", clock.now()]));
  clock.at(10, () => seen.push(["early", clock.now()]));
  clock.at(10, () => seen.push(["early too", clock.now()]));
  await clock.advance(15);
  expect(seen).toEqual([
    ["early", 10],
    ["early too", 10],
  ]);
  expect([clock.now(), clock.pendingTimers]).toEqual([15, 1]);
});

test("promises settle between a timer and the turn that it asks for", async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  clock.at(1, () => {
    clock.nextTurn(() => seen.push("turn"));
    void Promise.resolve().then(() => seen.push("promise"));
  });
  await clock.advance(1);
  expect(seen).toEqual(["promise", "turn"]);
});

test("a timer that was taken back does not fire", async () => {
  const clock = new VirtualClock();
  let fired = false;
  clock.at(1, () => (fired = true))();
  await clock.advance(10);
  expect([fired, clock.pendingTimers]).toEqual([false, 0]);
});
