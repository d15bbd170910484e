import { expect, test } from "vitest";
import { VirtualClock } from "../clock/index.js";
import { ReplyPolling } from "./reply-polling.js";

/** Polls on a clock whose turns take 0.01 ms and tells when it looked, ms. */
async function looks(expectedMs: number, replyAt: number): Promise<number[]> {
  const clock = new VirtualClock({ turnMs: 0.01 });
  const seen: number[] = [];
  const polling = new ReplyPolling(clock, () => {
    seen.push(clock.now());
    return clock.now() < replyAt;
  });
  polling.expect(expectedMs);
  polling.expect(expectedMs);
  await clock.advance(5);
  return seen;
}

test("polls until the reply is there, and no turn longer", async () => {
  const seen = await looks(0.2, 0.095);
  expect(seen).toHaveLength(10);
  expect(seen.at(-1)).toBeCloseTo(0.1);
});

test("gives up after twice the expected time", async () => {
  expect((await looks(0.1, Infinity)).at(-1)).toBeCloseTo(0.2);
});

test("before anything is known it polls for half a millisecond", async () => {
  expect((await looks(0, Infinity)).at(-1)).toBeCloseTo(0.5);
});

test("sleeps through longer batches", async () => {
  expect(await looks(0.6, Infinity)).toEqual([]);
});
