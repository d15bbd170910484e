import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { Call } from "../calls/index.js";
import { CallQueue } from "./call-queue.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function call(items: number): Call<string, string> {
  return new Call({ input: "", items, acceptedAt: 0, startBy: Infinity, requestId: undefined, onSettled: () => undefined });
}

function allOf(queue: CallQueue<string, string>): Call<string, string>[] {
  const seen: Call<string, string>[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) seen.push(next);
  return seen;
}

test("what is due first goes first; what is due together, in the order of arrival", () => {
  const queue = new CallQueue<string, string>();
  const [early, late, together, alsoTogether] = [call(1), call(1), call(1), call(1)] as const;
  queue.push(late, 30);
  queue.push(together, 20);
  queue.push(alsoTogether, 20);
  queue.push(early, 10);
  expect(allOf(queue)).toEqual([early, together, alsoTogether, late]);
});

test("withdrawn calls count no more and are passed over", () => {
  const queue = new CallQueue<string, string>();
  const [first, second, third] = [call(1), call(2), call(4)] as const;
  for (const each of [first, second, third]) queue.push(each, 0);
  first.settle({ kind: "aborted", reason: undefined });
  queue.withdraw(first);
  expect([queue.items, queue.length, queue.head]).toEqual([6, 2, second]);
  expect(allOf(queue)).toEqual([second, third]);
  expect([queue.items, queue.length, queue.head]).toEqual([0, 0, undefined]);
});

test("tells the items that go before a call that is due by then, without the withdrawn ones", () => {
  const queue = new CallQueue<string, string>();
  const gone = call(8);
  queue.push(call(1), 10);
  queue.push(gone, 15);
  queue.push(call(2), 20);
  queue.push(call(4), 30);
  gone.settle({ kind: "aborted", reason: undefined });
  queue.withdraw(gone);
  expect([5, 10, 20, 25, 30, 99].map((dueBy) => queue.itemsBefore(dueBy))).toEqual([0, 1, 3, 3, 7, 7]);
});

test("keeps order over many thousands of calls", () => {
  const queue = new CallQueue<string, string>();
  const calls = Array.from({ length: 5_000 }, () => call(1));
  const seen: (Call<string, string> | undefined)[] = [];
  for (const [index, each] of calls.entries()) {
    queue.push(each, index);
    if (index % 3 === 2) seen.push(queue.shift(), queue.shift());
  }
  expect([...seen, ...allOf(queue)]).toEqual(calls);
});

test("leads to no call that was taken or passed over, while others wait all the time", async () => {
  const queue = new CallQueue<string, string>();
  const gone: WeakRef<Call<string, string>>[] = [];
  queue.push(call(1), 0);
  for (let count = 0; count < 100; count++) {
    const withdrawn = call(1);
    queue.push(withdrawn, 0);
    queue.push(call(1), 0);
    withdrawn.settle({ kind: "aborted", reason: undefined });
    queue.withdraw(withdrawn);
    gone.push(new WeakRef(withdrawn), new WeakRef(queue.shift() as Call<string, string>));
  }
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(queue.length).toBe(1);
  // The withdrawn one that came last is still to be passed over.
  expect(gone.filter((each) => each.deref() !== undefined).length).toBeLessThanOrEqual(1);
});
