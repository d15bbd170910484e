import { afterEach, expect, test } from "vitest";
import { VirtualClock } from "../../clock/index.js";
import { ndArrayContainer, registerContainer, type DataContainer } from "../../containers/index.js";
import { toErrorData, type ToWorker } from "../wire/index.js";
import type { LinkEvents, WorkerLink } from "./worker-link.js";
import { WorkerPool } from "./worker-pool.js";
import type { Job } from "./worker-slot.js";

/** A worker that does what the test says. */
class ScriptedWorker implements WorkerLink {
  readonly sent: ToWorker[] = [];
  held = true;
  ended = false;
  /** What comes while the thread blocks. */
  pumped: () => void = () => undefined;

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
    this.end("terminated");
    return true;
  }
  ready(): void {
    this.events.message({ type: "ready", facts: { threads: 1 } });
  }
  done(): void {
    const run = this.sent.findLast((message) => message.type === "run");
    this.events.message({ type: "done", batch: run?.type === "run" ? run.batch : -1, result: { container: "x", meta: {}, batchSize: 1, buffers: [] } });
  }
  end(reason: string): void {
    if (this.ended) return;
    this.ended = true;
    this.events.ended(reason);
  }
}

const clock = new VirtualClock();
afterEach(() => expect(clock.pendingTimers).toBe(0));

function scriptedPool(size: number): { pool: WorkerPool; workers: ScriptedWorker[]; log: string[] } {
  const workers: ScriptedWorker[] = [];
  const log: string[] = [];
  const pool = new WorkerPool({
    size,
    clock,
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

function job(log: string[]): Job {
  return {
    message: { method: "m", items: 1, layout: 1, segments: [], payloads: [], requestIds: [], deadline: undefined },
    stream: undefined,
    blocks: [],
    describeLayout: () => ({ id: 1, columns: [], args: [], kwargs: [] }),
    done: () => log.push("done"),
    failed: () => log.push("failed"),
    crashed: (reason) => log.push(`crashed: ${reason}`),
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
  expect([workers[0]?.held, pool.allStreaming]).toEqual([true, true]);
  pool.awaited(stream, false);
  expect(workers[0]?.held).toBe(false);
  pool.awaited(stream, true);
  expect(workers[0]?.held).toBe(true);
  workers[0]?.events.message({ type: "item", batch: 1, item: { container: "x", meta: {}, batchSize: 1, buffers: [] } });
  pool.taken(stream, 1, 10);
  expect(workers[0]?.sent.at(-1)).toEqual({ type: "taken", batch: 1, items: 1, bytes: 10 });
  workers[0]?.events.message({ type: "ended", batch: 1 });
  expect([workers[0]?.held, pool.idle, pool.allStreaming, log.slice(-2)]).toEqual([false, 1, false, ["item", "ended"]]);
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
