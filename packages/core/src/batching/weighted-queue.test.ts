import fc from "fast-check";
import { expect, test } from "vitest";
import { Call } from "../calls/index.js";
import { WeightedQueue } from "./weighted-queue.js";

let order = 0;

function push(queue: WeightedQueue<number, string>, items: number, weight = 1): Call<number, string> {
  const call = new Call<number, string>({ input: order++, items, acceptedAt: order, startBy: Infinity, requestId: undefined, weight, onSettled: () => undefined });
  queue.push(call, order);
  return call;
}

test("takes from the head while calls fit, and stops at the first that does not", () => {
  const queue = new WeightedQueue<number, string>();
  const calls = [push(queue, 3), push(queue, 3), push(queue, 1), push(queue, 3)];
  expect(queue.take(7)).toEqual(calls.slice(0, 3));
  expect([queue.items, queue.length]).toEqual([3, 1]);
});

test("a call larger than the batch is taken alone rather than never", () => {
  const queue = new WeightedQueue<number, string>();
  const big = push(queue, 10);
  push(queue, 1);
  expect(queue.take(4)).toEqual([big]);
});

test("places in a batch go by weight", () => {
  const queue = new WeightedQueue<number, string>();
  for (const weight of [2, 1, 0.5]) for (let count = 0; count < 100; count++) push(queue, 1, weight);
  const weights = queue.take(70).map((call) => call.weight);
  expect([2, 1, 0.5].map((weight) => weights.filter((each) => each === weight).length)).toEqual([40, 20, 10]);
});

test("a weight that had nothing waiting cannot claim the time in which it was idle", () => {
  const queue = new WeightedQueue<number, string>();
  for (let count = 0; count < 100; count++) push(queue, 1, 1);
  queue.take(80);
  for (let count = 0; count < 100; count++) push(queue, 1, 2);
  expect(queue.take(15).filter((call) => call.weight === 1).length).toBe(5);
});

test("tells the items that go before a call of a weight: those of its own, and of the others their share meanwhile", () => {
  const queue = new WeightedQueue<number, string>();
  for (let count = 0; count < 9; count++) push(queue, 1, 1);
  for (let count = 0; count < 100; count++) push(queue, 1, 2);
  expect(queue.itemsBefore(1, Infinity)).toBe(9 + 20);
  expect(queue.itemsBefore(2, Infinity)).toBe(100 + 9);
});

test("whatever is pushed, taken and withdrawn: nothing is lost, nothing comes twice, each weight keeps its order", () => {
  const step = fc.oneof(
    fc.record({ push: fc.record({ items: fc.integer({ min: 1, max: 5 }), weight: fc.constantFrom(0.5, 1, 2) }) }),
    fc.record({ take: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ withdraw: fc.nat({ max: 50 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const queue = new WeightedQueue<number, string>();
      const waiting: Call<number, string>[] = [];
      for (const each of steps) {
        if ("push" in each) waiting.push(push(queue, each.push.items, each.push.weight));
        else if ("take" in each) for (const taken of queue.take(each.take)) expect(firstOfWeight(waiting, taken)).toBe(true);
        else {
          const [gone] = waiting.splice(each.withdraw % Math.max(waiting.length, 1), 1);
          gone?.settle({ kind: "aborted", reason: undefined });
          if (gone !== undefined) queue.withdraw(gone);
        }
        expect([queue.length, queue.items]).toEqual([waiting.length, waiting.reduce((sum, { items }) => sum + items, 0)]);
      }
    }),
  );
});

/** Whether the call is the first of its weight that waits; it waits no more. */
function firstOfWeight(waiting: Call<number, string>[], call: Call<number, string>): boolean {
  const first = waiting.findIndex(({ weight }) => weight === call.weight);
  const isFirst = waiting[first] === call;
  waiting.splice(first, 1);
  return isFirst;
}
