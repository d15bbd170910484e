import { expect, test } from "vitest";
import type { Payload } from "../../containers/index.js";
import { SharedBytes, type BytesLoan } from "./shared-bytes.js";

const MB = 1 << 20;

const payload = (...buffers: Uint8Array[]): Payload => ({ container: "C", meta: {}, batchSize: 1, buffers });
const bytes = (length: number, value = 1): Uint8Array => new Uint8Array(length).fill(value);

/** What a call has of one buffer of so many bytes. */
function lend(shared: SharedBytes, length: number): { readonly loan: BytesLoan; readonly memory: ArrayBufferLike } {
  const loan = shared.loan();
  const [copy] = loan.copyOf(payload(bytes(length))).buffers as [Uint8Array];
  return { loan, memory: copy.buffer };
}

test("large buffers are copied into shared memory, small ones into memory of their own", () => {
  const given = payload(bytes(1_000), bytes(100_000, 2));
  const loan = new SharedBytes().loan();
  expect(loan.isEmpty).toBe(true);
  const copy = loan.copyOf(given);
  expect(copy.buffers.map(({ buffer }) => buffer instanceof SharedArrayBuffer)).toEqual([false, true]);
  expect(loan.isEmpty).toBe(false);
  for (const each of given.buffers) each.fill(9);
  expect(copy).toEqual(payload(bytes(1_000), bytes(100_000, 2)));
});

test("what was let go is used again, also for a little more or less; what is held is nobody else's", () => {
  const shared = new SharedBytes();
  const first = lend(shared, 100_000);
  const second = lend(shared, 100_000);
  expect(second.memory).not.toBe(first.memory);
  first.loan.letGo();
  expect(lend(shared, 120_000).memory).toBe(first.memory);
});

test("it is let go when all who held it have let it go", () => {
  const shared = new SharedBytes();
  const { loan, memory } = lend(shared, 100_000);
  loan.hold();
  loan.letGo();
  expect(lend(shared, 100_000).memory).not.toBe(memory);
  loan.letGo();
  expect(lend(shared, 100_000).memory).toBe(memory);
});

test("what one large call needed is not taken for small ones", () => {
  const shared = new SharedBytes();
  const large = lend(shared, 4_000_000);
  large.loan.letGo();
  expect(lend(shared, 100_000).memory).not.toBe(large.memory);
});

test("16 MB are kept, those that were used last, and no more", () => {
  const shared = new SharedBytes();
  const calls = Array.from({ length: 20 }, () => lend(shared, MB));
  for (const { loan } of calls) loan.letGo();
  const again = calls.map(() => lend(shared, MB).memory);
  expect(new Set(again.slice(0, 16))).toEqual(new Set(calls.slice(4).map(({ memory }) => memory)));
  const known = new Set(calls.map(({ memory }) => memory));
  expect(again.slice(16).filter((memory) => known.has(memory))).toEqual([]);
});

test("64 MB are in use at the most; the next calls have memory of their own until some are let go", () => {
  const shared = new SharedBytes();
  const isShared = (length: number): boolean => lend(shared, length).memory instanceof SharedArrayBuffer;
  expect(isShared(65 * MB)).toBe(false);
  const calls = Array.from({ length: 64 }, () => lend(shared, MB));
  expect(calls.every(({ memory }) => memory instanceof SharedArrayBuffer)).toBe(true);
  expect(isShared(MB)).toBe(false);
  for (const { loan } of calls.slice(0, 8)) loan.letGo();
  // Eight small pieces that are free make room for a large one.
  expect(isShared(8 * MB)).toBe(true);
  expect(isShared(MB)).toBe(false);
});
