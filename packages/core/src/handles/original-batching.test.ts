import { afterEach, expect, test } from "vitest";
import { VirtualClock } from "../clock/index.js";
import { Params, kwargs } from "../containers/index.js";
import { NdArray } from "../ndarray/index.js";
import type { MethodSpec } from "./method-spec.js";
import { closeNow, startedHandle } from "./started-handle.testing.js";
import type { WorkerPoolHandle } from "./worker-pool-handle.js";

/** The examples of the original's batching, with what they come to here. Its sections are numbered as in its description. */
let clock: VirtualClock;
let handle: WorkerPoolHandle;
/** Items of each batch, in the order in which they began. */
let batches: number[];

afterEach(async () => {
  await closeNow(handle, clock);
  expect(clock.pendingTimers).toBe(0);
});

/** A handle whose worker takes `runMs` for each batch and answers each item with 7. */
async function started(parts: { readonly maxBatchSize: number; readonly maxLatencyMs?: number }, runMs: number): Promise<(items: number, keyword?: boolean) => Promise<unknown>> {
  const method: MethodSpec = { name: "predict", batchable: true, stream: false, batchDim: [0, 0], maxLatencyMs: 60_000, idempotent: true, ...parts };
  clock = new VirtualClock();
  batches = [];
  ({ handle } = await startedHandle(method, clock, { maxQueueSize: 100 }, ({ batch, items }, running) => {
    batches.push(items);
    clock.at(clock.now() + runMs, () => running.done(batch, new NdArray("float32", [items, 1], new Float32Array(items).fill(7))));
  }));
  return (items, keyword = false) => {
    const x = new NdArray("float32", [items, 1], new Float32Array(items));
    return handle.runMethod(method, keyword ? Params.of(kwargs({ x })) : Params.of(x), {});
  };
}

/** When it ended, ms of the clock, and with what: the number of answered items, or the code of the error. */
async function outcome(call: Promise<unknown>): Promise<readonly [endedAt: number, what: unknown]> {
  const what = await call.then(
    (answer) => (answer as NdArray).shape[0],
    (error: unknown) => (error as { code: string }).code,
  );
  return [clock.now(), what];
}

test.each([false, true])("8.5: a call of 10 items and a largest batch of 4 are batches of 4, 4 and 2 (by keyword: %s)", async (keyword) => {
  const call = await started({ maxBatchSize: 4 }, 10);
  const answer = outcome(call(10, keyword));
  await clock.advance(100);
  expect([await answer, batches]).toEqual([[30, 10], [4, 4, 2]]);
});

test("8.5: calls of 3, 3 and 3 items are batches of 3, 3 and 3: the original fills up to [3, 1], [2, 2] and [1], and has to join again what it cut", async () => {
  const call = await started({ maxBatchSize: 4 }, 10);
  const answers = [call(3), call(3), call(3)].map(outcome);
  await clock.advance(100);
  expect([await Promise.all(answers), batches]).toEqual([[[10, 3], [20, 3], [30, 3]], [3, 3, 3]]);
});

test("8.7: of ten calls behind a run of four times the longest latency, nobody waits for a second run in vain: they are refused when the first has ended", async () => {
  const call = await started({ maxBatchSize: 100, maxLatencyMs: 100 }, 400);
  const first = outcome(call(1));
  await clock.advance(10);
  const others = Array.from({ length: 10 }, () => outcome(call(1)));
  await clock.advance(1_000);
  expect(await first).toEqual([400, 1]);
  // The original serves one of them, and it gets its answer 690 ms after its longest latency.
  expect(await Promise.all(others)).toEqual(Array.from({ length: 10 }, () => [400, "SERVICE_BUSY"]));
  expect(batches).toEqual([1]);
});
