import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterEach, expect, test } from "vitest";
import { findTracesBy, type TraceContext } from "../calls/index.js";
import { VirtualClock } from "../clock/index.js";
import { Params } from "../containers/index.js";
import { NdArray } from "../ndarray/index.js";
import type { MethodSpec } from "./method-spec.js";
import type { BatchEvent } from "./runner-channels.js";
import type { CallOptions } from "./runner-handle.js";
import { closeNow, startedHandle } from "./started-handle.testing.js";

const method: MethodSpec = { name: "predict", batchable: true, stream: false, batchDim: [0, 0], maxLatencyMs: 60_000, idempotent: true, maxBatchSize: 10 };
const traceOf = (digit: string): TraceContext => ({ traceparent: `00-${digit.repeat(32)}-${digit.repeat(16)}-01` });
const events: BatchEvent[] = [];
const listen = (event: unknown): number => events.push(event as BatchEvent);

afterEach(() => {
  unsubscribe("bentoml:batch", listen);
  findTracesBy(undefined);
  events.length = 0;
});

/** Runs a call of one item for each of these options while the worker is busy for 10 ms, so that they are one batch of 20 ms. */
async function batchOf(callers: readonly (() => CallOptions)[]): Promise<BatchEvent | undefined> {
  const clock = new VirtualClock();
  let first: number | undefined;
  const { handle } = await startedHandle(method, clock, { maxQueueSize: 100 }, ({ batch, items }, running) => {
    clock.at(clock.now() + (first === undefined ? 10 : 20), () => running.done(batch, new NdArray("float32", [items, 1], new Float32Array(items))));
    first ??= batch;
  });
  const call = (options: CallOptions): Promise<unknown> => handle.runMethod(method, Params.of(new NdArray("float32", [1, 1], new Float32Array(1))), options);
  subscribe("bentoml:batch", listen);
  const blocking = call({});
  await clock.advance(5);
  const calls = callers.map((options) => call(options()));
  await clock.advance(100);
  await Promise.all([blocking, ...calls]);
  await closeNow(handle, clock);
  return events[1];
}

test("a batch's event tells which of its calls are part of traces, and how long each waited", async () => {
  const event = await batchOf([() => ({ traceContext: traceOf("a"), requestId: "one" }), () => ({}), () => ({ traceContext: traceOf("b") })]);
  expect(event).toMatchObject({ requests: 3, items: 3, outcome: "ok" });
  const { queueWaitMs } = event as BatchEvent;
  expect(queueWaitMs).toBeGreaterThan(0);
  expect(event?.traced).toEqual([
    { traceContext: traceOf("a"), requestId: "one", items: 1, queueWaitMs },
    { traceContext: traceOf("b"), requestId: undefined, items: 1, queueWaitMs },
  ]);
});

test("nothing is told of traces where there are none", async () => {
  expect(await batchOf([() => ({}), () => ({ traceContext: { traceparent: "nonsense" } })])).not.toHaveProperty("traced");
});

test("a call that names no trace is part of the one that the calling code is in", async () => {
  let current: TraceContext | undefined;
  findTracesBy(() => current);
  const inTrace = (context: TraceContext | undefined, options: CallOptions): (() => CallOptions) => () => {
    current = context;
    return options;
  };
  const event = await batchOf([inTrace(traceOf("a"), {}), inTrace(traceOf("a"), { traceContext: traceOf("b") }), inTrace(undefined, {})]);
  expect(event?.traced?.map(({ traceContext }) => traceContext)).toEqual([traceOf("a"), traceOf("b")]);
});
