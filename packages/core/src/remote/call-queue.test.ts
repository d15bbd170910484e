import { expect, test } from "vitest";
import { Params } from "../containers/index.js";
import { CallQueue } from "./call-queue.js";
import { OutgoingCall } from "./outgoing-call.js";
import { spec } from "./remote-calls.testing.js";
import { RemoteCall } from "./remote-call.js";
import { RetryRule } from "./retry-rule.js";

function callOf(name: string, { batchSize = 1, bytes = 8, inCompany = true }: { batchSize?: number; bytes?: number; inCompany?: boolean } = {}): RemoteCall {
  const payload = { container: "NdArrayContainer", meta: {}, batchSize, buffers: [new Uint8Array(bytes)] };
  const outgoing = new OutgoingCall(new Params([payload]), inCompany);
  return new RemoteCall({ method: { ...spec, name }, outgoing, marks: {}, givesUpAt: 1, retry: new RetryRule({ retries: 0, isIdempotent: true }) });
}

function queueOf(...calls: RemoteCall[]): CallQueue {
  const queue = new CallQueue();
  for (const call of calls) queue.add(call);
  return queue;
}

test("calls of one method leave together, the method of the one that waits longest first", () => {
  const [a, b, c, d] = [callOf("one"), callOf("two"), callOf("one"), callOf("two")];
  const queue = queueOf(a, b, c, d);
  expect([queue.take(10), queue.take(10), queue.take(10)]).toEqual([[a, c], [b, d], []]);
});

test("no more than are asked for, and in their order", () => {
  const calls = Array.from({ length: 5 }, () => callOf("one"));
  const queue = queueOf(...calls);
  expect([queue.take(2), queue.take(1), queue.take(9)]).toEqual([calls.slice(0, 2), calls.slice(2, 3), calls.slice(3)]);
});

test("who must travel alone does, and does not let others past", () => {
  const [a, large, b, alone, c] = [callOf("m"), callOf("m", { bytes: 65_537 }), callOf("m", { bytes: 65_536 }), callOf("m", { inCompany: false }), callOf("m")];
  c.isRefusedInCompany = true;
  const queue = queueOf(a, large, b, alone, c);
  expect([1, 2, 3, 4, 5].map(() => queue.take(100))).toEqual([[a], [large], [b], [alone], [c]]);
});

test("a megabyte travels together", () => {
  const calls = Array.from({ length: 40 }, () => callOf("m", { bytes: 65_536 }));
  const queue = queueOf(...calls);
  expect([queue.take(128).length, queue.take(128).length, queue.take(128).length]).toEqual([16, 16, 8]);
});

test("one that leaves is neither sent nor counted", () => {
  const [a, b] = [callOf("m", { batchSize: 5 }), callOf("m", { batchSize: 7 })];
  const queue = queueOf(a, b);
  expect([queue.calls, queue.items]).toEqual([2, 12]);
  queue.leave(a);
  queue.leave(a);
  expect([queue.calls, queue.items]).toEqual([1, 7]);
  expect(queue.take(9)).toEqual([b]);
  expect([queue.calls, queue.items]).toEqual([0, 0]);
});
