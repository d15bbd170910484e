import { expect, test } from "vitest";
import { Call } from "../calls/index.js";
import { CallQueue } from "./call-queue.js";

function call(items: number): Call<string, string> {
  return new Call({ input: "", items, acceptedAt: 0, startBy: Infinity, requestId: undefined, onSettled: () => undefined });
}

test("takes from the head while calls fit, and stops at the first that does not", () => {
  const queue = new CallQueue<string, string>();
  const calls = [call(3), call(3), call(1), call(3)];
  for (const each of calls) queue.push(each);
  expect(queue.take(7)).toEqual(calls.slice(0, 3));
  expect([queue.items, queue.length]).toEqual([3, 1]);
});

test("a call larger than the batch is taken alone rather than never", () => {
  const queue = new CallQueue<string, string>();
  const big = call(10);
  queue.push(big);
  queue.push(call(1));
  expect(queue.take(4)).toEqual([big]);
});

test("withdrawn calls count no more and are passed over", () => {
  const queue = new CallQueue<string, string>();
  const [first, second, third] = [call(1), call(2), call(4)] as const;
  for (const each of [first, second, third]) queue.push(each);
  first.settle({ kind: "aborted", reason: undefined });
  queue.withdraw(first);
  expect([queue.items, queue.length, queue.head]).toEqual([6, 2, second]);
  expect(queue.take(100)).toEqual([second, third]);
  expect([queue.items, queue.length, queue.head]).toEqual([0, 0, undefined]);
});

test("keeps order over many thousands of calls", () => {
  const queue = new CallQueue<string, string>();
  const calls = Array.from({ length: 5_000 }, () => call(1));
  const seen: Call<string, string>[] = [];
  for (const [index, each] of calls.entries()) {
    queue.push(each);
    if (index % 3 === 2) seen.push(...queue.take(2));
  }
  while (queue.length > 0) seen.push(...queue.take(7));
  expect(seen).toEqual(calls);
});
