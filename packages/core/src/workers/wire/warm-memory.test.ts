import { expect, test } from "vitest";
import { WarmMemory } from "./warm-memory.js";

test("memory that was given back is used again, also for a little less or more", () => {
  const memory = new WarmMemory();
  const first = memory.take(5_000);
  memory.giveBack(first);
  expect(memory.take(8_000)).toBe(first);
});

test("memory that is lent is nobody else's, and owned until it is given back", () => {
  const memory = new WarmMemory();
  const first = memory.take(100);
  const second = memory.take(100);
  expect(second).not.toBe(first);
  expect([memory.owns(first), memory.owns(second), memory.owns(new ArrayBuffer(8))]).toEqual([true, true, false]);
  memory.giveBack(first);
  expect(memory.owns(first)).toBe(false);
});

test("memory that was given away, or transferred, is not used again", () => {
  const memory = new WarmMemory();
  const away = memory.take(100);
  memory.giveAway(away);
  memory.giveBack(away);
  const detached = memory.take(100);
  structuredClone(detached, { transfer: [detached] });
  memory.giveBack(detached);
  const next = memory.take(100);
  expect(next.byteLength).toBeGreaterThanOrEqual(100);
  expect([next === away, next === detached]).toEqual([false, false]);
});

test("what a rare large batch needed is not kept for small ones", () => {
  const memory = new WarmMemory();
  const large = memory.take(100 << 20);
  memory.giveBack(large);
  expect(memory.take(1_000)).not.toBe(large);
  const small = [1, 2, 3].map(() => memory.take(1_000));
  for (const piece of small) memory.giveBack(piece);
  expect(memory.take(100 << 20)).not.toBe(large);
});
