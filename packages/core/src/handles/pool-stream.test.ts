import { afterEach, expect, test } from "vitest";
import { VirtualClock } from "../clock/index.js";
import { Params } from "../containers/index.js";
import { STREAM_WINDOW, toErrorData } from "../workers/index.js";
import type { MethodSpec } from "./method-spec.js";
import type { CallOptions } from "./runner-handle.js";
import type { ScriptedWorker, Sent } from "./scripted-worker.testing.js";
import { closeNow, startedHandle } from "./started-handle.testing.js";
import type { WorkerPoolHandle } from "./worker-pool-handle.js";

const CHAT: MethodSpec = { name: "chat", batchable: false, stream: true, batchDim: [0, 0], maxBatchSize: 1, maxLatencyMs: 1_000, idempotent: true };

const clock = new VirtualClock();
let handle: WorkerPoolHandle;
let workers: readonly ScriptedWorker[];
afterEach(async () => {
  await closeNow(handle, clock);
  expect(clock.pendingTimers).toBe(0);
});

async function started(method: MethodSpec = CHAT): Promise<{ worker: () => ScriptedWorker; stream: (options?: CallOptions) => AsyncGenerator<unknown, void, undefined> }> {
  ({ handle, workers } = await startedHandle(method, clock));
  return { worker: () => workers.at(-1) as ScriptedWorker, stream: (options = {}) => handle.streamMethod(method, new Params(["hello"]), options) };
}

const idle = (): number => handle.stats().workers.idle;

test("the worker is told that items were read once half of the window is empty, by number and by bytes", async () => {
  const { worker, stream } = await started();
  const items = stream();
  const first = items.next();
  await clock.advance(0);
  for (let item = 0; item < STREAM_WINDOW.items; item++) worker().item(item);
  await first;
  const taken = (): readonly Sent[] => worker().sent.filter(({ type }) => type === "taken");
  for (let read = 2; read < STREAM_WINDOW.items / 2; read++) await items.next();
  expect(taken()).toEqual([]);
  await items.next();
  expect(taken()).toMatchObject([{ batch: 1, items: STREAM_WINDOW.items / 2 }]);
  for (let read = STREAM_WINDOW.items / 2; read < STREAM_WINDOW.items; read++) await items.next();
  expect(taken().length).toBe(2);
  const large = items.next();
  worker().item(new Uint8Array(STREAM_WINDOW.bytes / 2));
  await large;
  expect(taken()[2]).toEqual({ type: "taken", batch: 1, items: 1, bytes: STREAM_WINDOW.bytes / 2 });
  worker().ended();
});

test("a stream keeps the process alive only while its next item is awaited", async () => {
  const { worker, stream } = await started();
  const items = stream();
  expect([worker().held, worker().runs]).toEqual([false, 0]);
  const first = items.next();
  await clock.advance(0);
  expect([worker().held, worker().runs, idle()]).toEqual([true, 1, 0]);
  worker().item("a");
  await first;
  expect(worker().held).toBe(false);
  const second = items.next();
  expect(worker().held).toBe(true);
  worker().item("b");
  worker().ended();
  expect([await second, await items.next(), worker().held, idle()]).toEqual([{ done: false, value: "b" }, { done: true, value: undefined }, false, 1]);
});

test("a deadline counts from the first next, rejects the pending one, and the worker is free when its generator has ended", async () => {
  const { worker, stream } = await started();
  const items = stream({ timeoutMs: 50 });
  await clock.advance(100);
  const first = items.next();
  await clock.advance(0);
  worker().item("a");
  expect((await first).value).toBe("a");
  const failed = expect(items.next()).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
  await clock.advance(49);
  expect(worker().sent.at(-1)?.type).toBe("run");
  await clock.advance(1);
  await failed;
  expect([worker().sent.at(-1), idle()]).toEqual([{ type: "abort", batch: 1 }, 0]);
  worker().item("too late");
  worker().ended();
  expect([await items.next(), idle()]).toEqual([{ done: true, value: undefined }, 1]);
});

test("an abort drops what waits; return waits for the generator and tells what went wrong in it", async () => {
  const { worker, stream } = await started();
  const controller = new AbortController();
  const aborted = stream({ signal: controller.signal });
  const first = aborted.next();
  await clock.advance(0);
  for (const item of ["a", "b", "c"]) worker().item(item);
  await first;
  controller.abort(new Error("left"));
  await expect(aborted.next()).rejects.toThrow("left");
  worker().ended();
  const items = stream();
  void items.next();
  await clock.advance(0);
  const leaving = expect(items.return()).rejects.toThrow("cannot clean up");
  expect([worker().sent.at(-1), worker().held]).toEqual([{ type: "abort", batch: 2 }, true]);
  worker().events.message({ type: "failed", batch: 2, error: toErrorData(new Error("cannot clean up")) });
  await leaving;
  expect(idle()).toBe(1);
});

test("after a crash a stream is begun anew while nothing was read of it, and nobody sees an item twice", async () => {
  const { worker, stream } = await started();
  const items = stream();
  const first = items.next();
  await clock.advance(0);
  worker().events.ended("it exited with code 7");
  await clock.advance(0);
  worker().events.message({ type: "ready", facts: {} });
  await clock.advance(0);
  expect(worker().runs).toBe(1);
  worker().item("a");
  worker().item("b");
  expect((await first).value).toBe("a");
  worker().events.ended("it exited with code 8");
  expect((await items.next()).value).toBe("b");
  await expect(items.next()).rejects.toMatchObject({ code: "WORKER_CRASHED" });
  await clock.advance(50);
  expect([workers.length, worker().runs, handle.stats().queuedCalls]).toEqual([3, 0, 0]);
});

test("a stream of which something was read is not begun anew, not even after one crash", async () => {
  const { worker, stream } = await started();
  const items = stream();
  const first = items.next();
  await clock.advance(0);
  worker().item("a");
  await first;
  const failed = expect(items.next()).rejects.toMatchObject({ code: "WORKER_CRASHED", message: expect.stringContaining("1 of its items were already read") });
  worker().events.ended("it exited with code 7");
  await failed;
  await clock.advance(0);
  worker().events.message({ type: "ready", facts: {} });
  await clock.advance(0);
  expect([workers.length, worker().runs]).toEqual([2, 0]);
});

test("a stream that was left while it waits for a second worker is not run again", async () => {
  const { worker, stream } = await started();
  const items = stream();
  const first = items.next();
  await clock.advance(0);
  worker().events.ended("it exited with code 7");
  await items.return();
  await clock.advance(0);
  worker().events.message({ type: "ready", facts: {} });
  await clock.advance(0);
  expect([(await first).done, worker().runs, handle.stats().queuedCalls, idle()]).toEqual([true, 0, 0, 1]);
});

test("a stream must begin within maxLatencyMs; how long others have gone on does not count", async () => {
  const { worker, stream } = await started();
  for (let round = 0; round < 3; round++) {
    const items = stream();
    const first = items.next();
    await clock.advance(5_000);
    worker().item(round);
    worker().ended();
    await first;
  }
  const alone = stream();
  const begun = alone.next();
  await clock.advance(0);
  expect(worker().runs).toBe(4);
  // This one would begin in about 5 s, when the one before it ends.
  await expect(stream().next()).rejects.toMatchObject({ code: "SERVICE_BUSY" });
  worker().item("a");
  worker().ended();
  await begun;
});

test("close cuts a stream that is not read when its time is over", async () => {
  const { worker, stream } = await started();
  const items = stream();
  const first = items.next();
  await clock.advance(0);
  worker().item("a");
  await first;
  const closed = handle.close(500);
  await expect(stream().next()).rejects.toMatchObject({ code: "STATE_ERROR" });
  await clock.advance(499);
  expect(worker().sent.at(-1)?.type).toBe("run");
  await clock.advance(1);
  await closed;
  await expect(items.next()).rejects.toMatchObject({ code: "SERVICE_BUSY" });
});
