import { expect, test } from "vitest";
import type { Payload } from "../../containers/index.js";
import { WarmMemory } from "../wire/index.js";
import { takeFromShared } from "./shared-payloads.js";

function shared(length: number, value: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length + 10), 10, length).fill(value);
}

const payload = (...buffers: Uint8Array[]): Payload => ({ container: "C", meta: { a: 1 }, batchSize: 1, buffers });

test("what lies in shared memory is copied into warm memory, aligned; the rest stays as it is", () => {
  const warm = new WarmMemory();
  const own = Uint8Array.of(7);
  const slots = [[payload(shared(3, 1), own), payload(shared(100, 2))], [payload(shared(5, 3))]];
  const { payloads, release } = takeFromShared(slots, warm);
  for (const slot of slots) for (const { buffers } of slot) for (const each of buffers) if (each !== own) each.fill(9);
  expect(payloads).toEqual([[payload(new Uint8Array(3).fill(1), own), payload(new Uint8Array(100).fill(2))], [payload(new Uint8Array(5).fill(3))]]);
  expect(payloads[0]?.[0]?.buffers[1]).toBe(own);
  const copies = payloads.flat().flatMap(({ buffers }) => buffers.filter((each) => each !== own));
  expect(copies.map(({ byteOffset }) => byteOffset % 64)).toEqual([0, 0, 0]);
  const memory = copies[0]?.buffer as ArrayBuffer;
  expect(copies.map(({ buffer }) => buffer === memory && warm.owns(buffer))).toEqual([true, true, true]);
  release();
  expect(warm.owns(memory)).toBe(false);
  expect(warm.take(200)).toBe(memory);
});

test("payloads of which nothing is shared are given as they are", () => {
  const slots = [[payload(Uint8Array.of(1))]];
  expect(takeFromShared(slots, new WarmMemory()).payloads).toBe(slots);
});
