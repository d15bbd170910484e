import { expect, test } from "vitest";
import { VirtualClock } from "../../clock/index.js";
import { BatchPolling } from "./batch-polling.js";

/** How long the worker stays awake after the last of `count` batches of `runMs`, with `pauseMs` between them, ms. */
async function awakeAfter(count: number, runMs: number, pauseMs: number): Promise<number> {
  let lastTurn = 0;
  const clock = new (class extends VirtualClock {
    override nextTurn(callback: () => void): void {
      super.nextTurn(() => {
        lastTurn = this.now();
        callback();
      });
    }
  })({ turnMs: 0.01 });
  const polling = new BatchPolling(clock);
  let ended = 0;
  for (let batch = 0; batch < count; batch++) {
    polling.batchStarted();
    await clock.advance(runMs);
    ended = clock.now();
    polling.batchEnded();
    if (batch < count - 1) await clock.advance(pauseMs);
  }
  await clock.advance(5);
  return Math.max(lastTurn - ended, 0);
}

test("stays awake for half a millisecond when short batches have been coming at once", async () => {
  expect(await awakeAfter(20, 0.05, 0.2)).toBeCloseTo(0.5, 1);
});

test("sleeps when the pauses are usually longer", async () => {
  expect(await awakeAfter(20, 0.05, 2)).toBeLessThan(0.02);
});

test("sleeps after long runs", async () => {
  expect(await awakeAfter(20, 8, 0.2)).toBeLessThan(0.02);
});

test("a batch that comes ends the polling", async () => {
  const clock = new VirtualClock({ turnMs: 0.01 });
  const polling = new BatchPolling(clock);
  polling.batchStarted();
  polling.batchEnded();
  polling.batchStarted();
  const before = clock.now();
  await clock.advance(0);
  expect(clock.now() - before).toBeLessThan(0.03);
});
