import { expect, test } from "vitest";
import { ConnectionSlots } from "./connection-slots.js";

test("calls beyond the limit wait, and begin in their order as slots come free", () => {
  const slots = new ConnectionSlots(2);
  const begun: string[] = [];
  const begin = (name: string) => (): void => void begun.push(name);
  const third = begin("c");
  slots.take(begin("a"), 1);
  slots.take(begin("b"), 1);
  slots.take(third, 5);
  slots.take(begin("d"), 7);
  expect([begun, slots.waiting, slots.waitingItems]).toEqual([["a", "b"], 2, 12]);
  slots.leave(third);
  slots.leave(third);
  expect([slots.waiting, slots.waitingItems]).toEqual([1, 7]);
  slots.release();
  expect([begun, slots.waiting, slots.waitingItems]).toEqual([["a", "b", "d"], 0, 0]);
  slots.release();
  slots.release();
  slots.take(begin("e"), 1);
  slots.take(begin("f"), 1);
  slots.take(begin("g"), 1);
  expect(begun).toEqual(["a", "b", "d", "e", "f"]);
});
