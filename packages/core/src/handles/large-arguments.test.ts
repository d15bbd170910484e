import { afterEach, expect, test } from "vitest";
import { VirtualClock } from "../clock/index.js";
import { Params } from "../containers/index.js";
import { WorkerCrashedError } from "../errors/index.js";
import { toErrorData } from "../workers/index.js";
import type { MethodSpec } from "./method-spec.js";
import type { ScriptedWorker } from "./scripted-worker.testing.js";
import { closeNow, startedHandle } from "./started-handle.testing.js";
import type { WorkerPoolHandle } from "./worker-pool-handle.js";

const READ: MethodSpec = { name: "read", batchable: false, stream: false, batchDim: [0, 0], maxBatchSize: 1, maxLatencyMs: 60_000, maxConcurrency: 4, idempotent: true };

const clock = new VirtualClock();
let handle: WorkerPoolHandle;
let workers: readonly ScriptedWorker[];
afterEach(() => closeNow(handle, clock));

async function started(limits: Parameters<typeof startedHandle>[2] = {}): Promise<void> {
  ({ handle, workers } = await startedHandle(READ, clock, limits));
}

const call = (signal?: AbortSignal): Promise<unknown> => handle.runMethod(READ, new Params([[new Uint8Array(100_000)]]), { signal });

/** The memory in which the bytes of the last batch lie. */
function lastMemory(): ArrayBufferLike | undefined {
  const run = workers.at(-1)?.sent.findLast((message) => message.type === "run");
  return run?.type === "run" ? run.payloads[0]?.[0]?.buffers.at(-1)?.buffer : undefined;
}

/** The memory of the next call, which is answered. */
async function nextMemory(): Promise<ArrayBufferLike | undefined> {
  const answer = call();
  await clock.advance(0);
  const memory = lastMemory();
  const worker = workers.at(-1) as ScriptedWorker;
  worker.done(worker.batch, 1);
  await answer;
  return memory;
}

test("a call that was answered lends its memory to the next one", async () => {
  await started();
  const first = await nextMemory();
  expect(first).toBeInstanceOf(SharedArrayBuffer);
  expect(await nextMemory()).toBe(first);
});

test("a call that was given up lends its memory only when its worker is done with it", async () => {
  await started();
  const gone = new AbortController();
  const given = call(gone.signal).catch((error: unknown) => error);
  await clock.advance(0);
  const memory = lastMemory();
  const batch = workers[0]?.batch ?? 0;
  gone.abort(new Error("not wanted"));
  await given;
  expect(await nextMemory()).not.toBe(memory);
  workers[0]?.events.message({ type: "failed", batch, error: toErrorData(new Error("aborted")) });
  // The one that was let go last is taken first.
  expect(await nextMemory()).toBe(memory);
});

test("a call that is run again keeps its memory", async () => {
  await started();
  const answer = call();
  await clock.advance(0);
  const memory = lastMemory();
  workers[0]?.events.ended("it exited with code 1");
  await clock.advance(1_000);
  workers[1]?.events.message({ type: "ready", facts: {} });
  await clock.advance(0);
  expect(lastMemory()).toBe(memory);
  workers[1]?.done(workers[1].batch, 1);
  expect(await answer).toBe(1);
});

test("a worker that hangs may read its bytes yet: nobody gets them", async () => {
  await started({ workerTimeoutMs: 5_000 });
  // As with a thread in a native run.
  (workers[0] as ScriptedWorker).tryEnd = () => false;
  const answer = call().catch((error: unknown) => error);
  await clock.advance(0);
  const memory = lastMemory();
  const batch = workers[0]?.batch ?? 0;
  await clock.advance(5_000);
  expect(await answer).toBeInstanceOf(WorkerCrashedError);
  workers[0]?.done(batch, 1);
  expect(await nextMemory()).not.toBe(memory);
});
