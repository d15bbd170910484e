import { expect, test } from "vitest";
import { ndArrayContainer } from "../../containers/index.js";
import { NdArray } from "../../ndarray/index.js";
import { toErrorData } from "./error-data.js";
import { orderFrame, readFromProcess, readToProcess, replyFrame, startFrame, type FromProcess } from "./message-frames.js";
import type { WorkerStart } from "./worker-messages.js";

/** Without the length before it. */
function memoryOf(frame: readonly Uint8Array[]): [ArrayBuffer, number] {
  const bytes = Buffer.concat(frame).subarray(8);
  const memory = new ArrayBuffer(bytes.byteLength + 100);
  new Uint8Array(memory).set(bytes);
  return [memory, bytes.byteLength];
}

const reply = (message: FromProcess): FromProcess => readFromProcess(...memoryOf(replyFrame(message)));

const START: WorkerStart = {
  runner: "r",
  runnable: { module: "file:///r.mjs", export: "R", params: undefined },
  methods: { run: { outputBatchDim: 0, stream: false } },
  spin: false,
  reportsMemory: false,
  niceness: 10,
  setup: { workerIndex: 0, workerCount: 1, threads: 1, maxBatchSize: 4, niceness: 0 },
};

test("a start brings whatever plain data the constructor takes", () => {
  const params = { weights: new Float32Array([1, 2]), since: new Date(5), sizes: new Map([["a", 1n]]), nothing: undefined };
  const start = { ...START, runnable: { ...START.runnable, params } };
  expect(readToProcess(...memoryOf(startFrame(start)))).toEqual({ type: "start", start });
  expect(() => startFrame({ ...START, runnable: { ...START.runnable, params: { callback: () => 1 } } })).toThrow(/constructor argument of the Runnable cannot be sent to a worker process: .*callback/);
});

test("orders and replies arrive as they were", () => {
  for (const order of [{ type: "abort", batch: 3 }, { type: "taken", batch: 3, items: 4, bytes: 5 }, { type: "close" }] as const) {
    expect(readToProcess(...memoryOf(orderFrame(order)))).toEqual(order);
  }
  const error = toErrorData(new RangeError("no", { cause: new Error("deeper") }));
  expect(reply({ type: "failed", batch: 1, error })).toMatchObject({ type: "failed", batch: 1, error: { name: "RangeError", message: "no", cause: { message: "deeper" } } });
  expect(reply({ type: "ready", facts: { threads: 2, at: new Date(1) } })).toEqual({ type: "ready", facts: { threads: 2, at: new Date(1) } });
  for (const message of [{ type: "threw", reason: "it threw" }, { type: "ended", batch: 1 }, { type: "memory", rssMb: 3.5 }] as const) expect(reply(message)).toEqual(message);
});

test("a result has memory of its own, so that the frame's can be used again", () => {
  const result = ndArrayContainer.toPayload(NdArray.from([[1, 2, 3]]), 0);
  const [memory, length] = memoryOf(replyFrame({ type: "done", batch: 2, result }));
  const read = readFromProcess(memory, length);
  new Uint8Array(memory).fill(0);
  expect(read).toEqual({ type: "done", batch: 2, result });
  const [bytes] = read.type === "done" ? read.result.buffers : [];
  expect(bytes?.buffer.byteLength).toBe(bytes?.byteLength);
});

test("a frame without a message is refused", () => {
  const bytes = Buffer.concat(replyFrame({ type: "ended", batch: 1 })).subarray(8);
  const text = bytes.toString("latin1").replace("bentoml.worker-message", "bentoml.another-thing!");
  const memory = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(memory).set(Buffer.from(text, "latin1"));
  expect(() => readFromProcess(memory, bytes.byteLength)).toThrow(/has no message/);
});
