import { expect, test } from "vitest";
import type { Clock } from "../clock/index.js";
import { ReplyPolling } from "./reply-polling.js";

/** A clock on which each turn takes 0.01 ms. */
class TurnClock implements Clock {
  time = 0;
  turns: (() => void)[] = [];
  now(): number {
    return this.time;
  }
  wallTime(): number {
    return this.time;
  }
  at(): () => void {
    throw new Error("polling sets no timers");
  }
  nextTurn(callback: () => void): void {
    this.turns.push(callback);
  }
  /** Runs turns until none is asked for, and says how many there were. */
  run(): number {
    let count = 0;
    for (let turn = this.turns.shift(); turn !== undefined; turn = this.turns.shift()) {
      this.time += 0.01;
      turn();
      count++;
    }
    return count;
  }
}

test("polls until the reply is there", () => {
  const clock = new TurnClock();
  const polling = new ReplyPolling(clock, () => clock.time < 0.095);
  polling.expect(0.2);
  expect(clock.run()).toBe(10);
});

test("gives up after twice the expected time", () => {
  const clock = new TurnClock();
  const polling = new ReplyPolling(clock, () => true);
  polling.expect(0.1);
  polling.expect(0.1);
  expect(clock.run()).toBeLessThanOrEqual(21);
  expect(clock.time).toBeGreaterThanOrEqual(0.2);
});

test("sleeps through longer batches", () => {
  const clock = new TurnClock();
  new ReplyPolling(clock, () => true).expect(0.6);
  expect(clock.run()).toBe(0);
});
