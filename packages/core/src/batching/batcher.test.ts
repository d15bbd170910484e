import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { VirtualClock } from "../clock/index.js";
import { Call, type Outcome } from "../calls/index.js";
import type { Batch } from "./batch.js";
import { Batcher } from "./batcher.js";

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
    batcher.accept(made, batcher.key(method, method, 1));
  };
  for (const method of ["wide", "wide", "wide", "narrow", "narrow"]) call(method);
  await clock.advance(0);
  expect([...started].sort()).toEqual(["narrow", "wide", "wide"]);
  await clock.advance(10);
  expect([...started].sort()).toEqual(["narrow", "narrow", "wide", "wide", "wide"]);
  await clock.advance(10);
  expect([started.length, batcher.queuedCalls, clock.pendingTimers]).toEqual([5, 0, 0]);
});

/** A pool of workers whose batches take `duration(items)` ms of virtual time. */
class ScriptedPool {
  readonly clock = new VirtualClock();
  readonly batches: number[][] = [];
  readonly shed: string[] = [];
  busy = 0;
  ran = 0;
  readonly batcher: Batcher<number, string>;

  constructor(
    readonly workers: number,
    readonly duration: (items: number) => number,
    readonly maxQueueSize = 1e6,
    readonly outcome: (batch: Batch<number, string>) => "ok" | "failed" = () => "ok",
  ) {
    const idle = (): number => this.workers - this.busy;
    this.batcher = new Batcher({
      name: "test",
      clock: this.clock,
      maxQueueSize,
      onShed: (_, reason) => this.shed.push(reason),
      target: {
        workers,
        get idleWorkers() {
          return idle();
        },
        start: (batch) => this.#start(batch),
      },
    });
  }

  /** Calls the method "m" with `items` items, in batches of at most `maxBatchSize`. */
  call(items: number, { maxBatchSize = 8, key = "k", startBy = Infinity }: { maxBatchSize?: number; key?: string; startBy?: number } = {}) {
    let outcome: Outcome<string> | undefined;
    let settle: () => void = () => undefined;
    const settled = new Promise<void>((resolve) => (settle = resolve));
    const id = this.ran++;
    const call = new Call<number, string>({
      input: id,
      items,
      acceptedAt: this.clock.now(),
      startBy: startBy === Infinity ? Infinity : this.clock.now() + startBy,
      requestId: undefined,
      onSettled: (value) => {
        outcome = value;
        settle();
      },
    });
    const batchKey = this.batcher.key(key, "m", maxBatchSize);
    this.batcher.accept(call, batchKey);
    return { call, batchKey, settled, outcome: () => outcome };
  }

  #start(batch: Batch<number, string>): void {
    this.busy++;
    this.batches.push(batch.calls.map((call) => call.input));
    this.clock.at(this.clock.now() + this.duration(batch.items), () => {
      this.busy--;
      const ok = this.outcome(batch) === "ok";
      let answered = 0;
      if (ok) {
        for (const call of batch.calls) {
          if (!call.settled) answered++;
          call.settle({ kind: "answered", result: "done" });
        }
      }
      this.batcher.finished(batch, answered, ok);
      if (!ok && batch.calls.length > 1) this.batcher.retryAlone(batch.calls, batch.key);
      else if (!ok) for (const call of batch.calls) call.settle({ kind: "failed", error: new Error("bad row") });
    });
  }
}

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
  const scripted = pool(1, () => 1, 1e6, (batch) => (batch.calls.some((call) => call.input === bad) ? "failed" : "ok"));
  const calls = Array.from({ length: 4 }, () => scripted.call(1));
  await scripted.clock.advance(100);
  expect(scripted.batches).toEqual([[0, 1, 2, 3], [0], [1], [2], [3]]);
  expect(calls.map(({ outcome }) => outcome()?.kind)).toEqual(["answered", "answered", "failed", "answered"]);
});

test("a full queue refuses at once and says so", async () => {
  const scripted = pool(1, () => 10, 2);
  const calls = Array.from({ length: 4 }, () => scripted.call(1));
  expect(calls.map(({ outcome }) => outcome()?.kind)).toEqual([undefined, undefined, "refused", "refused"]);
  expect(scripted.shed).toEqual(["full", "full"]);
  await scripted.clock.advance(100);
  expect(scripted.batcher.queuedItems).toBe(0);
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
