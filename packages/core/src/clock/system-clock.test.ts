import { expect, test } from "vitest";
import { systemClock } from "./system-clock.js";

test("never fires early, neither soon nor later", async () => {
  for (const delay of [0, 0.3, 1.5, 3, 12]) {
    const due = systemClock.now() + delay;
    const firedAt = await new Promise<number>((resolve) => systemClock.at(due, () => resolve(systemClock.now())));
    expect(firedAt).toBeGreaterThanOrEqual(due);
  }
});

test("a timer that was taken back does not fire", async () => {
  let fired = false;
  const cancel = systemClock.at(systemClock.now() + 1, () => (fired = true));
  cancel();
  await new Promise<void>((resolve) => systemClock.at(systemClock.now() + 4, resolve));
  expect(fired).toBe(false);
});

test("a timer in the background comes before a later one of a loop that has nothing else to do", async () => {
  const order: string[] = [];
  systemClock.at(systemClock.now() + 5, () => order.push("background"), true);
  await new Promise<void>((resolve) => setTimeout(resolve, 500));
  expect(order).toEqual(["background"]);
});

test("the last stretch of a wait leaves the processor to others", async () => {
  const begun = { at: systemClock.now(), used: process.cpuUsage() };
  for (let wait = 0; wait < 150; wait++) await new Promise<void>((resolve) => systemClock.at(systemClock.now() + 1.9, resolve));
  const { user, system } = process.cpuUsage(begun.used);
  // Without naps it is all of the time.
  expect((user + system) / 1000).toBeLessThan(0.7 * (systemClock.now() - begun.at));
});
