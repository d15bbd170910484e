import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adaptivePolicy, fixedDelayPolicy } from "./policy.js";
import { ScriptedPool } from "./scripted-pool.testing.js";

describe("a fixed delay", () => {
  const policy = fixedDelayPolicy(5);

  test("a batch starts when its first call has waited for so long, with those that came meanwhile", async () => {
    const pool = new ScriptedPool(1, () => 10);
    pool.call(1, { policy });
    await pool.clock.advance(3);
    pool.call(1, { policy });
    await pool.clock.advance(1.5);
    expect(pool.batches).toEqual([]);
    await pool.clock.advance(100);
    expect([pool.batches, pool.startedAt]).toEqual([[[0, 1]], [5]]);
  });

  test("a full batch starts at once, and the rest waits from when its own first call came", async () => {
    const pool = new ScriptedPool(2, () => 10);
    await pool.clock.advance(1);
    for (let index = 0; index < 5; index++) pool.call(1, { policy, maxBatchSize: 4 });
    await pool.clock.advance(100);
    expect([pool.batches, pool.startedAt]).toEqual([[[0, 1, 2, 3], [4]], [1, 6]]);
  });

  test("what has waited for long enough behind a running batch starts when that ends", async () => {
    const pool = new ScriptedPool(1, () => 20);
    pool.call(1, { policy });
    await pool.clock.advance(6);
    pool.call(1, { policy });
    await pool.clock.advance(100);
    expect(pool.startedAt).toEqual([5, 25]);
  });

  test("0 is as good as never waiting", async () => {
    const pool = new ScriptedPool(1, () => 10);
    for (let index = 0; index < 3; index++) pool.call(1, { policy: fixedDelayPolicy(0) });
    await pool.clock.advance(100);
    expect([pool.batches, pool.startedAt]).toEqual([[[0, 1, 2]], [0]]);
  });

  test.each([
    { delay: Infinity, limit: 100, latest: 95 },
    { delay: 99.99, limit: 100, latest: 95 },
    { delay: 50, limit: 100, latest: 50 },
  ])("of $delay ms with a limit of $limit ms: it starts in time, also while the time of a batch is not known, and nobody is refused", async ({ delay, limit, latest }) => {
    const pool = new ScriptedPool(1, () => 10);
    const longPolicy = fixedDelayPolicy(delay);
    for (let round = 0; round < 5; round++) {
      const begun = pool.clock.now();
      const calls = [pool.call(1, { policy: longPolicy, startBy: limit }), pool.call(1, { policy: longPolicy, startBy: limit })];
      await pool.clock.advance(1_000);
      expect(calls.map(({ outcome }) => outcome()?.kind)).toEqual(["answered", "answered"]);
      const waited = (pool.startedAt.at(-1) ?? NaN) - begun;
      // Once a batch is known to take 10 ms it starts so much earlier, and a little more.
      expect(waited).toBeCloseTo(round === 0 ? latest : Math.min(latest, limit - 11.1), 6);
    }
    expect([pool.batches.length, pool.shed]).toEqual([5, []]);
  });

  test("without any limit a batch waits until it is full", async () => {
    const pool = new ScriptedPool(1, () => 10);
    for (let index = 0; index < 3; index++) pool.call(1, { policy: fixedDelayPolicy(Infinity), maxBatchSize: 4 });
    await pool.clock.advance(1e9);
    expect(pool.batches).toEqual([]);
    pool.call(1, { policy: fixedDelayPolicy(Infinity), maxBatchSize: 4 });
    await pool.clock.advance(0);
    expect(pool.batches).toEqual([[0, 1, 2, 3]]);
  });

  test("a key that waits leaves the worker to another, whose policy is its own", async () => {
    const pool = new ScriptedPool(1, () => 2);
    pool.call(1, { key: "patient", policy });
    await pool.clock.advance(1);
    pool.call(1, { key: "hasty", policy: adaptivePolicy });
    await pool.clock.advance(100);
    expect([pool.batches, pool.startedAt]).toEqual([[[1], [0]], [1, 5]]);
  });

  test("priorities share its batches 4 : 2 : 1", async () => {
    const pool = new ScriptedPool(1, () => 10);
    const weights = [0.5, 1, 2];
    for (let index = 0; index < 21; index++) pool.call(1, { policy, maxBatchSize: 7, weight: weights[index % 3] as number });
    await pool.clock.advance(0);
    const first = (pool.batches[0] ?? []).map((call) => weights[call % 3]);
    expect([2, 1, 0.5].map((weight) => first.filter((other) => other === weight).length)).toEqual([4, 2, 1]);
  });

  test("a batch starts when it is full, or its oldest call has waited for so long, as soon as a worker is free then, and never earlier", async () => {
    const arrivals = fc.array(fc.record({ after: fc.integer({ min: 0, max: 12 }), items: fc.integer({ min: 1, max: 4 }) }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 0, max: 10 }), fc.integer({ min: 1, max: 2 }), async (calls, delay, workers) => {
        const pool = new ScriptedPool(workers, (items) => 4 + items);
        const made: { readonly at: number; readonly items: number }[] = [];
        for (const { after, items } of calls) {
          await pool.clock.advance(after);
          made.push({ at: pool.clock.now(), items });
          pool.call(items, { policy: fixedDelayPolicy(delay), maxBatchSize: 4 });
        }
        await pool.clock.advance(10_000);
        expect(pool.batches.flat()).toEqual(made.map((_, index) => index));
        const ends: number[] = [];
        for (const [index, batch] of pool.batches.entries()) {
          const startedAt = pool.startedAt[index] as number;
          const [first = 0] = batch;
          const items = batch.reduce((sum, id) => sum + (made[id]?.items ?? 0), 0);
          const waiting = made.slice(first).filter(({ at }) => at <= startedAt).reduce((sum, each) => sum + each.items, 0);
          const due = (made[first]?.at ?? NaN) + delay;
          const free = ends.length < workers ? 0 : ([...ends].sort((one, other) => other - one)[workers - 1] as number);
          if (waiting >= 4) expect(startedAt).toBeLessThanOrEqual(Math.max(due, free));
          else expect(startedAt).toBe(Math.max(due, free));
          ends.push(startedAt + 4 + items);
        }
      }),
    );
  });
});

describe("off, which is batches of one call", () => {
  test("every call runs by itself, in the order of arrival, and is bounded and refused like any other", async () => {
    const pool = new ScriptedPool(2, () => 10, { maxQueueSize: 4 });
    for (let index = 0; index < 5; index++) pool.call(1, { maxBatchSize: 1 });
    expect(pool.shed).toEqual(["full"]);
    await pool.clock.advance(25);
    expect([pool.batches, pool.startedAt]).toEqual([[[0], [1], [2], [3]], [0, 0, 10, 10]]);
    const hopeless = [1, 2, 3].map(() => pool.call(1, { maxBatchSize: 1, startBy: 15 }));
    expect(hopeless.map(({ outcome }) => outcome()?.kind)).toEqual([undefined, undefined, "refused"]);
    expect(pool.shed).toEqual(["full", "deadline"]);
    await pool.clock.advance(100);
  });

  test("the more important go first", async () => {
    const pool = new ScriptedPool(1, () => 10);
    const weights = [0.5, 0.5, 2, 2];
    for (const weight of weights) pool.call(1, { maxBatchSize: 1, weight });
    await pool.clock.advance(100);
    expect(pool.batches).toEqual([[0], [2], [3], [1]]);
  });
});
