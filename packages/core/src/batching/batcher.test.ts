import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { VirtualClock } from "../clock/index.js";
import { Call } from "../calls/index.js";
import type { Batch } from "./batch.js";
import { Batcher } from "./batcher.js";
import { ScriptedPool, type ScriptedCall } from "./scripted-pool.testing.js";

test("methods with places of their own are served beside the others, and only while they have room", async () => {
  const clock = new VirtualClock();
  const started: string[] = [];
  const room = new Map([["wide", 2], ["narrow", 1]]);
  const batcher: Batcher<string, string> = new Batcher<string, string>({
    name: "test",
    clock,
    maxQueueSize: 100,
    target: {
      workers: 1,
      get idleWorkers() {
        return Math.max(...room.values());
      },
      placesFor: (method) => ({ lane: method, workers: method === "wide" ? 2 : 1, idleWorkers: room.get(method) ?? 0 }),
      start: (batch) => {
        started.push(batch.key.method);
        room.set(batch.key.method, (room.get(batch.key.method) ?? 0) - 1);
        clock.at(clock.now() + 10, () => {
          room.set(batch.key.method, (room.get(batch.key.method) ?? 0) + 1);
          batcher.finished(batch, 1, true);
        });
      },
    },
  });
  const call = (method: string): void => {
    const made = new Call<string, string>({ input: method, items: 1, acceptedAt: clock.now(), startBy: Infinity, requestId: undefined, onSettled: () => undefined });
    batcher.accept(made, batcher.key(method, { name: method, maxBatchSize: 1 }));
  };
  for (const method of ["wide", "wide", "wide", "narrow", "narrow"]) call(method);
  await clock.advance(0);
  expect([...started].sort()).toEqual(["narrow", "wide", "wide"]);
  await clock.advance(10);
  expect([...started].sort()).toEqual(["narrow", "narrow", "wide", "wide", "wide"]);
  await clock.advance(10);
  expect([started.length, batcher.queuedCalls, clock.pendingTimers]).toEqual([5, 0, 0]);
});

test.each([
  { waiting: 4, startedAtOnce: 1, why: "a full batch that waits starts as soon as a worker is free" },
  { waiting: 3, startedAtOnce: 0, why: "one that is not full waits for the end of the turn, for those who come back" },
])("$why", async ({ waiting, startedAtOnce }) => {
  const clock = new VirtualClock();
  const started: Batch<string, string>[] = [];
  let idleWorkers = 1;
  const batcher = new Batcher<string, string>({
    name: "test",
    clock,
    maxQueueSize: 100,
    target: {
      workers: 1,
      get idleWorkers() {
        return idleWorkers;
      },
      start: (batch) => {
        idleWorkers--;
        started.push(batch);
      },
    },
  });
  const finish = (): void => {
    idleWorkers++;
    batcher.finished(started.at(-1) as Batch<string, string>, 1, true);
  };
  const call = (): void =>
    batcher.accept(
      new Call<string, string>({ input: "", items: 1, acceptedAt: clock.now(), startBy: Infinity, requestId: undefined, onSettled: () => undefined }),
      batcher.key("key", { name: "m", maxBatchSize: 4 }),
    );
  call();
  await clock.advance(1);
  for (let count = 0; count < waiting; count++) call();
  finish();
  expect(started.length - 1).toBe(startedAtOnce);
  await clock.advance(1);
  expect(started.map(({ items }) => items)).toEqual([1, waiting]);
  finish();
});

let current: ScriptedPool | undefined;
function pool(...given: ConstructorParameters<typeof ScriptedPool>): ScriptedPool {
  current = new ScriptedPool(...given);
  return current;
}

afterEach(() => {
  expect(current?.clock.pendingTimers ?? 0).toBe(0);
  current = undefined;
});

test("calls of one turn share a batch; those that come while it runs share the next", async () => {
  const scripted = pool(1, () => 10);
  for (let index = 0; index < 3; index++) scripted.call(1);
  await scripted.clock.advance(5);
  for (let index = 0; index < 4; index++) scripted.call(1);
  await scripted.clock.advance(100);
  expect(scripted.batches).toEqual([
    [0, 1, 2],
    [3, 4, 5, 6],
  ]);
});

test("a batch never holds more items than allowed", async () => {
  const scripted = pool(1, () => 1);
  for (const items of [3, 3, 3, 8, 1]) scripted.call(items, { maxBatchSize: 8 });
  await scripted.clock.advance(100);
  expect(scripted.batches).toEqual([[0, 1], [2], [3], [4]]);
});

test("calls of different keys never share a batch", async () => {
  const scripted = pool(1, () => 1);
  for (let index = 0; index < 6; index++) scripted.call(1, { key: index % 2 === 0 ? "even" : "odd" });
  await scripted.clock.advance(100);
  expect(scripted.batches.map((batch) => batch.map((id) => id % 2))).toEqual([
    [0, 0, 0],
    [1, 1, 1],
  ]);
});

test("a failing batch is run again one call at a time, and only the bad call fails", async () => {
  const bad = 2;
  const scripted = pool(1, () => 1, { outcome: (batch) => (batch.calls.some((call) => call.input === bad) ? "failed" : "ok") });
  const calls = Array.from({ length: 4 }, () => scripted.call(1));
  await scripted.clock.advance(100);
  expect(scripted.batches).toEqual([[0, 1, 2, 3], [0], [1], [2], [3]]);
  expect(calls.map(({ outcome }) => outcome()?.kind)).toEqual(["answered", "answered", "failed", "answered"]);
});

test("a full queue refuses at once and says so", async () => {
  const scripted = pool(1, () => 10, { maxQueueSize: 2 });
  const calls = Array.from({ length: 4 }, () => scripted.call(1));
  expect(calls.map(({ outcome }) => outcome()?.kind)).toEqual([undefined, undefined, "refused", "refused"]);
  expect(scripted.shed).toEqual(["full", "full"]);
  await scripted.clock.advance(100);
  expect(scripted.batcher.queuedItems).toBe(0);
});

test("a model that was slow once is tried again: not all calls are refused for ever", async () => {
  let runs = 0;
  const scripted = pool(1, () => (runs++ === 0 ? 500 : 10));
  const limited = async (): Promise<unknown> => {
    const call = scripted.call(1, { maxBatchSize: 100, startBy: 60 });
    await scripted.clock.advance(600);
    return call.outcome()?.kind;
  };
  const outcomes = [];
  for (let round = 0; round < 6; round++) outcomes.push(await limited());
  // A second after it was measured.
  expect(outcomes).toEqual(["answered", "refused", "refused", "answered", "answered", "answered"]);
});

test("a lone caller whose limit is a few times a call's time is served, though a full batch would take longer", async () => {
  const scripted = pool(1, () => 10);
  for (let round = 0; round < 20; round++) {
    const call = scripted.call(1, { maxBatchSize: 100, startBy: 60 });
    await scripted.clock.advance(11);
    expect(call.outcome()?.kind).toBe("answered");
  }
});

test("a stream may go on for longer than its limit, if it begins within it", async () => {
  const scripted = pool(1, () => 1_000);
  for (let round = 0; round < 3; round++) {
    const stream = scripted.call(1, { maxBatchSize: 1, startBy: 10, stream: true });
    await scripted.clock.advance(999);
    expect(scripted.call(1, { maxBatchSize: 1, startBy: 10, stream: true }).outcome()?.kind).toBe(undefined);
    await scripted.clock.advance(1_001);
    expect(stream.outcome()?.kind).toBe("answered");
  }
});

test("more bytes than may wait are refused at once, with both numbers, and make room when they go", async () => {
  const scripted = pool(1, () => 10, { maxQueueBytes: 1_000 });
  scripted.call(1, { bytes: 600 });
  await scripted.clock.advance(1);
  const [first, second, third] = [600, 500, 400].map((bytes) => scripted.call(1, { bytes }));
  expect(scripted.batcher.queuedBytes).toBe(1_000);
  expect([first, second, third].map((call) => call?.outcome()?.kind)).toEqual([undefined, "refused", undefined]);
  expect(second?.outcome()).toMatchObject({ reason: "full", error: { code: "SERVICE_BUSY", httpStatus: 503, retryAfterMs: 1_000 } });
  expect(String((second?.outcome() as { error?: unknown }).error)).toContain("its queue is full (maxQueueBytes 1000: 600 bytes wait, the call has 500)");
  third?.call.settle({ kind: "aborted", reason: "left" });
  scripted.batcher.withdraw(third?.call as ScriptedCall["call"], third?.batchKey as ScriptedCall["batchKey"]);
  expect(scripted.batcher.queuedBytes).toBe(600);
  const fourth = scripted.call(1, { bytes: 400 });
  await scripted.clock.advance(100);
  expect([fourth.outcome()?.kind, scripted.batcher.queuedBytes, scripted.shed]).toEqual(["answered", 0, ["full"]]);
});

test("what cannot be answered in time is refused on arrival, once batch times are known", async () => {
  const scripted = pool(1, () => 100);
  scripted.call(1, { maxBatchSize: 1 });
  await scripted.clock.advance(100);
  scripted.call(1, { maxBatchSize: 1 });
  await scripted.clock.advance(1);
  const hopeless = scripted.call(1, { maxBatchSize: 1, startBy: 150 });
  expect(hopeless.outcome()?.kind).toBe("refused");
  expect(scripted.shed).toEqual(["deadline"]);
  const patient = scripted.call(1, { maxBatchSize: 1, startBy: 1_000 });
  await scripted.clock.advance(500);
  expect(patient.outcome()?.kind).toBe("answered");
});

test("a call that was given up leaves the queue and is not run", async () => {
  const scripted = pool(1, () => 10);
  scripted.call(1);
  await scripted.clock.advance(1);
  const gone = scripted.call(5);
  scripted.call(1);
  gone.call.settle({ kind: "aborted", reason: "left" });
  scripted.batcher.withdraw(gone.call, gone.batchKey);
  expect([scripted.batcher.queuedItems, scripted.batcher.queuedCalls]).toEqual([1, 1]);
  await scripted.clock.advance(100);
  expect(scripted.batches).toEqual([[0], [2]]);
});

/** N closed-loop callers that come back `pause` ms after each answer; returns the batch sizes. */
async function closedLoop(scripted: ScriptedPool, callers: number, rounds: number, pause: number): Promise<number[]> {
  const loop = async (): Promise<void> => {
    for (let round = 0; round < rounds; round++) {
      await scripted.call(1, { maxBatchSize: 32 }).settled;
      await new Promise<void>((resolve) => scripted.clock.at(scripted.clock.now() + pause, resolve));
    }
  };
  const all = Promise.all(Array.from({ length: callers }, loop));
  const end = { reached: false };
  void all.then(() => (end.reached = true));
  for (let step = 0; step < 10_000 && !end.reached; step++) await scripted.clock.advance(5);
  await all;
  return scripted.batches.map((batch) => batch.length);
}

test("sixteen callers in a closed loop end up in full batches instead of two alternating halves", async () => {
  const scripted = pool(1, (items) => 1.9 + 0.25 * items);
  const sizes = await closedLoop(scripted, 16, 60, 0.05);
  const late = sizes.slice(-20);
  expect(late.reduce((sum, size) => sum + size, 0) / late.length).toBeGreaterThan(14);
});

test("a lone caller never waits: each call starts in the turn in which it came", async () => {
  const scripted = pool(1, () => 5);
  for (let round = 0; round < 50; round++) {
    const begun = scripted.clock.now();
    const call = scripted.call(1);
    await scripted.clock.advance(5);
    expect(call.outcome()?.kind).toBe("answered");
    expect(scripted.clock.now() - begun).toBe(5);
  }
});

test("two workers share what waits instead of one taking all", async () => {
  const scripted = pool(2, (items) => 0.5 + items);
  const sizes = await closedLoop(scripted, 8, 40, 0.01);
  expect(Math.max(...sizes.slice(-20))).toBeLessThanOrEqual(5);
});

test("every accepted call is run exactly once and answered, whatever arrives when", async () => {
  const arrivals = fc.array(fc.record({ after: fc.double({ min: 0, max: 20, noNaN: true }), items: fc.integer({ min: 1, max: 8 }), key: fc.constantFrom("a", "b", "c") }), {
    minLength: 1,
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 3 }), fc.double({ min: 0, max: 10, noNaN: true }), fc.double({ min: 0, max: 3, noNaN: true }), async (calls, workers, fixed, perItem) => {
      const scripted = pool(workers, (items) => fixed + perItem * items);
      const made: (ReturnType<ScriptedPool["call"]> & { readonly items: number })[] = [];
      for (const { after, items, key } of calls) {
        await scripted.clock.advance(after);
        made.push({ items, ...scripted.call(items, { key }) });
      }
      await scripted.clock.advance(10_000);
      const ran = scripted.batches.flat();
      expect(new Set(ran).size).toBe(ran.length);
      expect(ran.length).toBe(calls.length);
      for (const batch of scripted.batches) expect(batch.reduce((sum, id) => sum + (made[id]?.items ?? 0), 0)).toBeLessThanOrEqual(8);
      for (const { outcome } of made) expect(outcome()?.kind).toBe("answered");
      expect([scripted.batcher.queuedItems, scripted.batcher.queuedCalls, scripted.busy]).toEqual([0, 0, 0]);
    }),
    { numRuns: 60 },
  );
});

test("a dear key does not starve a cheap one: both get the same share of the worker's time", async () => {
  const cost = { dear: 16, cheap: 1 };
  const scripted = pool(1, (items) => (items > 1 ? cost.dear : cost.cheap));
  let stop = false;
  const served = { dear: 0, cheap: 0 };
  const loop = async (key: "dear" | "cheap"): Promise<void> => {
    while (!stop) {
      await scripted.call(key === "dear" ? 2 : 1, { key, maxBatchSize: key === "dear" ? 2 : 1 }).settled;
      served[key]++;
    }
  };
  for (const key of ["dear", "dear", "cheap", "cheap"] as const) void loop(key);
  await scripted.clock.advance(3_200);
  stop = true;
  await scripted.clock.advance(100);
  expect(served.cheap / served.dear).toBeGreaterThan(10);
  expect(served.cheap / served.dear).toBeLessThan(22);
});
