import { afterEach, describe, expect, test } from "vitest";
import { VirtualClock } from "../../clock/index.js";
import { ndArrayContainer, registerContainer, type DataContainer, type Payload } from "../../containers/index.js";
import { toErrorData, type ToWorker } from "../wire/index.js";
import type { LinkEvents, WorkerLink } from "./worker-link.js";
import type { Job, Lane } from "./job.js";
import { NO_RECYCLING } from "./recycling.js";
import { WorkerPool, type WorkerPoolOptions } from "./worker-pool.js";

const NO_RESULT: Payload = { container: "x", meta: {}, batchSize: 1, buffers: [] };

/** A worker that does what the test says. */
class ScriptedWorker implements WorkerLink {
  readonly sent: ToWorker[] = [];
  held = true;
  ended = false;
  /** What comes while the thread blocks. */
  pumped: () => void = () => undefined;

  /** In the middle of a native run, which must not be cut. */
  untouchable = false;

  constructor(readonly events: LinkEvents) {}

  post(message: ToWorker): void {
    this.sent.push(message);
    if (message.type === "close") this.end("closed");
  }
  hold(): void {
    this.held = true;
  }
  release(): void {
    this.held = false;
  }
  pump(): void {
    this.pumped();
  }
  tryEnd(): boolean {
    if (this.untouchable) return false;
    this.end("terminated");
    return true;
  }
  ready(): void {
    this.events.message({ type: "ready", facts: { threads: 1 } });
  }
  done(): void {
    const run = this.sent.findLast((message) => message.type === "run");
    this.events.message({ type: "done", batch: run?.type === "run" ? run.batch : -1, result: NO_RESULT });
  }
  end(reason: string): void {
    if (this.ended) return;
    this.ended = true;
    this.events.ended(reason);
  }
}

const clock = new VirtualClock();
afterEach(() => expect(clock.pendingTimers).toBe(0));

const EXCLUSIVE: Lane = { name: "", width: 1 };

function scriptedPool(size: number, options: Partial<Pick<WorkerPoolOptions, "runLimitMs" | "recycling" | "clock">> = {}): { pool: WorkerPool; workers: ScriptedWorker[]; log: string[] } {
  const workers: ScriptedWorker[] = [];
  const log: string[] = [];
  const pool = new WorkerPool({
    size,
    clock,
    runLimitMs: Infinity,
    recycling: NO_RECYCLING,
    ...options,
    makeLink: (_index, events) => {
      const worker = new ScriptedWorker(events);
      workers.push(worker);
      return worker;
    },
    onChange: () => undefined,
    onWorkerEvent: (index, event, reason) => log.push(`${String(index)} ${event}${reason === undefined ? "" : `: ${reason}`}`),
  });
  return { pool, workers, log };
}

async function started(...args: Parameters<typeof scriptedPool>): Promise<ReturnType<typeof scriptedPool>> {
  const made = scriptedPool(...args);
  const start = made.pool.start();
  for (const worker of made.workers) worker.ready();
  await start;
  return made;
}

function job(log: string[]): Job {
  return {
    message: { method: "m", items: 1, layout: 1, segments: [], payloads: [], requestIds: [], traceContexts: [], deadline: undefined },
    lane: EXCLUSIVE,
    solitary: false,
    requests: 1,
    stream: undefined,
    blocks: [],
    describeLayout: () => ({ id: 1, columns: [], args: [], kwargs: [] }),
    done: () => log.push("done"),
    failed: () => log.push("failed"),
    crashed: (reason) => log.push(`crashed: ${reason}`),
    hung: (reason) => log.push(`hung: ${reason}`),
  };
}

test("is started when every worker is ready; idle workers keep nothing alive, a running one does", async () => {
  const { pool, workers, log } = scriptedPool(2);
  let started = false;
  const start = pool.start().then(() => (started = true));
  workers[0]?.ready();
  await clock.advance(0);
  expect([started, pool.idle]).toEqual([false, 1]);
  workers[1]?.ready();
  await start;
  expect(workers.map(({ held }) => held)).toEqual([false, false]);
  pool.run(job(log));
  expect([workers[0]?.held, pool.idle]).toEqual([true, 1]);
  workers[0]?.done();
  expect([workers[0]?.held, pool.idle, log.at(-1)]).toEqual([false, 2, "done"]);
  await pool.close(1_000);
});

test("a worker that dies tells its batch alone, and is started again: at once, then later and later", async () => {
  const { pool, workers, log } = scriptedPool(1);
  const start = pool.start();
  workers[0]?.ready();
  await start;
  pool.run(job(log));
  workers[0]?.end("it fell over");
  expect(log.slice(-2)).toEqual(["0 crashed: it fell over", "crashed: it fell over"]);
  expect([pool.alive, pool.restarts]).toEqual([0, 1]);
  await clock.advance(0);
  expect(workers.length).toBe(2);
  workers[1]?.end("again");
  await clock.advance(49);
  expect(workers.length).toBe(2);
  await clock.advance(1);
  expect(workers.length).toBe(3);
  await pool.close(0);
});

test("an answer makes a worker well again: its next death is the first", async () => {
  const { pool, workers, log } = scriptedPool(1);
  const start = pool.start();
  workers[0]?.ready();
  await start;
  for (let round = 1; round <= 10; round++) {
    pool.run(job(log));
    workers.at(-1)?.done();
    workers.at(-1)?.end("bad luck");
    await clock.advance(0);
    expect(workers.length).toBe(round + 1);
    workers.at(-1)?.ready();
  }
  expect(pool.failure).toBeUndefined();
  await pool.close(0);
});

test("workers that keep dying make the pool fail with the reason, until one is ready again", async () => {
  const { pool, workers } = scriptedPool(1);
  const start = pool.start();
  workers[0]?.ready();
  await start;
  for (let death = 0; death < 5; death++) {
    workers.at(-1)?.end("broken");
    await clock.advance(20_000);
  }
  expect(pool.failure).toBe("broken");
  workers.at(-1)?.ready();
  expect(pool.failure).toBeUndefined();
  await pool.close(0);
});

test("a setup that fails rejects the start with the model's error and is not repeated", async () => {
  const { pool, workers } = scriptedPool(1);
  const start = pool.start();
  workers[0]?.events.message({ type: "setup-failed", error: toErrorData(new RangeError("no such file")) });
  workers[0]?.end("it exited with code 0");
  await expect(start).rejects.toThrow("no such file");
  await pool.close(0);
  expect(workers.length).toBe(1);
});

test("each worker is told of a layout and of a block once, and again when it was started anew", async () => {
  const { pool, workers, log } = scriptedPool(1);
  const start = pool.start();
  workers[0]?.ready();
  await start;
  const block = { id: 5, capacity: 8, memory: new SharedArrayBuffer(64) };
  const withBlock = { ...job(log), blocks: [block] };
  const told = (worker: ScriptedWorker | undefined) =>
    worker?.sent.flatMap((message) => (message.type === "run" ? [[message.newLayout !== undefined, message.newBlocks.length, [...message.droppedBlocks]]] : []));
  pool.run(withBlock);
  workers[0]?.done();
  pool.run(withBlock);
  workers[0]?.done();
  pool.dropBlock(5);
  pool.run(job(log));
  expect(told(workers[0])).toEqual([
    [true, 1, []],
    [false, 0, []],
    [false, 0, [5]],
  ]);
  workers[0]?.end("died");
  await clock.advance(0);
  workers[1]?.ready();
  pool.run(withBlock);
  expect(told(workers[1])).toEqual([[true, 1, []]]);
  await pool.close(0);
});

test("a stream holds the process only while it is awaited, and says when its reader makes room", async () => {
  const { pool, workers, log } = scriptedPool(1);
  const start = pool.start();
  workers[0]?.ready();
  await start;
  const stream = { ...job(log), stream: { wanted: true, item: () => log.push("item"), ended: () => log.push("ended") } };
  pool.run(stream);
  expect([workers[0]?.held, pool.allStreaming(EXCLUSIVE)]).toEqual([true, true]);
  pool.awaited(stream, false);
  expect(workers[0]?.held).toBe(false);
  pool.awaited(stream, true);
  expect(workers[0]?.held).toBe(true);
  workers[0]?.events.message({ type: "item", batch: 1, item: { container: "x", meta: {}, batchSize: 1, buffers: [] } });
  pool.taken(stream, 1, 10);
  expect(workers[0]?.sent.at(-1)).toEqual({ type: "taken", batch: 1, items: 1, bytes: 10 });
  workers[0]?.events.message({ type: "ended", batch: 1 });
  expect([workers[0]?.held, pool.idle, pool.allStreaming(EXCLUSIVE), log.slice(-2)]).toEqual([false, 1, false, ["item", "ended"]]);
  pool.taken(stream, 1, 10);
  pool.awaited(stream, true);
  expect([workers[0]?.held, workers[0]?.sent.length]).toEqual([false, 2]);
  await pool.close(0);
});

test("a thread that blocks hears of replies and deaths, and starts workers again when they are due", async () => {
  const { pool, workers, log } = scriptedPool(1);
  const start = pool.start();
  workers[0]?.ready();
  await start;
  const told = job(log);
  pool.run(told);
  (workers[0] as ScriptedWorker).pumped = () => workers[0]?.end("it exited with code 7");
  let rounds = 0;
  pool.pumpUntil(
    () => rounds > 0 && pool.idle === 1,
    Infinity,
    () => {
      if (++rounds === 1) (workers[1] as ScriptedWorker).pumped = () => workers[1]?.ready();
      return clock.now();
    },
  );
  expect([workers.length, rounds, log.slice(-4)]).toEqual([2, 2, ["0 crashed: it exited with code 7", "crashed: it exited with code 7", "0 started", "0 ready"]]);
  pool.pumpUntil(
    () => false,
    clock.now(),
    () => Infinity,
  );
  await pool.close(0);
});

test("a start that fails is known at once, without a turn of the event loop", async () => {
  const { pool, workers } = scriptedPool(1);
  const start = pool.start();
  workers[0]?.events.message({ type: "setup-failed", error: toErrorData(new RangeError("no such file")) });
  workers[0]?.end("it exited with code 0");
  expect(pool.startError?.message).toBe("no such file");
  await expect(start).rejects.toThrow("no such file");
  await pool.close(0);
});

test("each worker is told of containers with a module with its next batch, once, and again when it was started again", async () => {
  const { pool, workers, log } = scriptedPool(1);
  const start = pool.start();
  workers[0]?.ready();
  await start;
  const told = (worker: ScriptedWorker | undefined): unknown => worker?.sent.flatMap((message) => (message.type === "run" ? [message.newContainers] : []));
  const run = (worker: ScriptedWorker | undefined): void => {
    pool.run(job(log));
    worker?.done();
  };
  run(workers[0]);
  class Registered {
    readonly here = true;
  }
  const container = Object.create(ndArrayContainer, { name: { value: "RegisteredContainer" } }) as DataContainer;
  registerContainer(Registered, Registered, container, { module: "file:///registered.mjs" });
  for (let time = 0; time < 2; time++) run(workers[0]);
  const modules = [{ container: "RegisteredContainer", module: "file:///registered.mjs" }];
  expect(told(workers[0])).toEqual([undefined, modules, undefined]);
  workers[0]?.end("died");
  await clock.advance(0);
  workers[1]?.ready();
  run(workers[1]);
  expect(told(workers[1])).toEqual([modules]);
  await pool.close(0);
});

describe("a run that takes too long", () => {
  const limits = { runLimitMs: 300 };

  test("ends its worker, which crashes with that reason; one that ends in time does not", async () => {
    const { pool, workers, log } = await started(1, limits);
    pool.run(job(log));
    await clock.advance(299);
    workers[0]?.done();
    await clock.advance(1_000);
    expect([log.at(-1), workers[0]?.ended]).toEqual(["done", false]);
    pool.run(job(log));
    await clock.advance(300);
    const reason = "it ran for longer than workerTimeoutMs 300 and was killed";
    expect(log).toContain(`0 crashed: ${reason}`);
    expect(log).toContain(`crashed: ${reason}`);
    await pool.close(0);
  });

  test("in a thread that cannot be ended gives its batch up; when all hang the pool has failed, until one run ends", async () => {
    const { pool, workers, log } = await started(2, limits);
    for (const worker of workers) worker.untouchable = true;
    pool.run(job(log));
    await clock.advance(200);
    pool.run(job(log));
    await clock.advance(100);
    expect([log.filter((line) => line.startsWith("hung:")).length, pool.alive, pool.failure]).toEqual([1, 1, undefined]);
    await clock.advance(200);
    expect([pool.alive, pool.failure]).toEqual([0, expect.stringContaining("a thread cannot be killed")]);
    expect(workers.map(({ held }) => held)).toEqual([false, false]);
    workers[1]?.done();
    expect([pool.alive, pool.failure, pool.idle, log.includes("done"), log.at(-1)]).toEqual([1, undefined, 1, false, "1 ready"]);
    await pool.close(0);
  });

  test("is noticed by a thread that blocks, whose timers do not fire", async () => {
    const blocked = new VirtualClock();
    let now = 0;
    blocked.now = () => now;
    const { pool, workers, log } = await started(1, { runLimitMs: 3, clock: blocked });
    pool.run(job(log));
    const seen: number[] = [];
    pool.pumpUntil(
      () => log.includes("crashed: it ran for longer than workerTimeoutMs 3 and was killed"),
      100,
      () => {
        seen.push(now);
        return ++now;
      },
    );
    expect([seen, workers[0]?.ended]).toEqual([[0, 1, 2, 3], true]);
    void pool.close(0);
  });

  test("of a stream counts from when its reader left", async () => {
    const { pool, workers, log } = await started(1, limits);
    const stream = { ...job(log), stream: { wanted: true, item: () => log.push("item"), ended: () => log.push("ended") } };
    pool.run(stream);
    await clock.advance(10_000);
    expect(workers[0]?.ended).toBe(false);
    pool.abort(stream);
    await clock.advance(300);
    expect(workers[0]?.ended).toBe(true);
    await pool.close(0);
  });
});

describe("a worker that is worn", () => {
  const limits = { recycling: { maxRequests: 2, maxRssMb: 100 } };
  const run = (pool: WorkerPool, worker: ScriptedWorker | undefined, log: string[]): void => {
    pool.run(job(log));
    worker?.done();
  };

  test("works on until its replacement is ready, and finishes what it runs", async () => {
    const { pool, workers, log } = await started(1, limits);
    run(pool, workers[0], log);
    expect(workers.length).toBe(1);
    run(pool, workers[0], log);
    expect([workers.length, pool.alive]).toEqual([2, 1]);
    run(pool, workers[0], log);
    const last = job(log);
    pool.run(last);
    workers[1]?.ready();
    expect([pool.alive, pool.idle, log.at(-1)]).toEqual([1, 1, "0 recycled: it has had 2 calls, maxRequests is 2"]);
    expect(workers[0]?.sent.some(({ type }) => type === "close")).toBe(false);
    pool.abort(last);
    expect(workers[0]?.sent.at(-1)?.type).toBe("abort");
    run(pool, workers[1], log);
    workers[0]?.done();
    expect([workers[0]?.ended, log.filter((line) => line.startsWith("0 crashed"))]).toEqual([true, []]);
    await clock.advance(0);
    await pool.close(0);
  });

  test("by its memory is replaced after its next batch; one worker at a time", async () => {
    const { pool, workers, log } = await started(2, limits);
    for (const worker of workers.slice(0, 2)) worker.events.message({ type: "memory", rssMb: 101 });
    pool.run(job(log));
    pool.run(job(log));
    workers[0]?.done();
    workers[1]?.done();
    expect(workers.length).toBe(3);
    workers[2]?.ready();
    expect(log.at(-1)).toBe("0 recycled: it uses 101 MB, maxRssMb is 100");
    pool.run(job(log));
    pool.run(job(log));
    workers[1]?.done();
    expect(workers.length).toBe(4);
    await clock.advance(0);
    await pool.close(0);
  });

  test("stays when its replacement dies, and another one is tried later", async () => {
    const { pool, workers, log } = await started(1, limits);
    for (let time = 0; time < 2; time++) run(pool, workers[0], log);
    workers[1]?.end("it fell over");
    run(pool, workers[0], log);
    expect([workers.length, pool.alive]).toEqual([3, 1]);
    workers[2]?.end("it fell over");
    run(pool, workers[0], log);
    expect(workers.length).toBe(3);
    await clock.advance(50);
    run(pool, workers[0], log);
    expect([workers.length, pool.failure]).toEqual([4, undefined]);
    await pool.close(0);
  });

  test("that dies meanwhile is replaced all the same", async () => {
    const { pool, workers, log } = await started(1, limits);
    for (let time = 0; time < 2; time++) run(pool, workers[0], log);
    workers[0]?.end("it fell over");
    workers[1]?.ready();
    await clock.advance(60_000);
    expect([workers.length, pool.alive, log.filter((line) => line === "0 started").length]).toEqual([2, 1, 2]);
    await pool.close(0);
  });
});

describe("batches beside each other", () => {
  const wide: Lane = { name: "wide", width: 2 };

  test("have so many places as their lane is wide, whatever runs in another", async () => {
    const { pool, workers, log } = await started(2);
    expect([pool.room(wide), pool.room(EXCLUSIVE)]).toEqual([4, 2]);
    const indices = [wide, wide, wide, EXCLUSIVE].map((lane) => pool.run({ ...job(log), lane }));
    expect([indices, pool.room(wide), pool.room(EXCLUSIVE), pool.idle]).toEqual([[0, 1, 0, 1], 1, 1, 0]);
    workers[0]?.events.message({ type: "done", batch: 1, result: NO_RESULT });
    expect([pool.room(wide), workers[0]?.held]).toEqual([2, true]);
    workers[0]?.events.message({ type: "done", batch: 2, result: NO_RESULT });
    expect([pool.room(wide), workers[0]?.held, log.at(-1)]).toEqual([3, false, "done"]);
    await pool.close(0);
  });

  test("all end with their worker", async () => {
    const { pool, workers, log } = await started(1);
    for (const lane of [wide, wide, EXCLUSIVE]) pool.run({ ...job(log), lane });
    workers[0]?.end("it fell over");
    expect(log.filter((line) => line === "crashed: it fell over").length).toBe(3);
    await pool.close(0);
  });

  test("are none while one runs with which a worker has died", async () => {
    const { pool, workers, log } = await started(1);
    pool.run({ ...job(log), lane: wide, solitary: true });
    expect([pool.room(wide), pool.room(EXCLUSIVE)]).toEqual([0, 0]);
    workers[0]?.done();
    expect(pool.room(wide)).toBe(2);
    await pool.close(0);
  });
});
