import fc from "fast-check";
import { expect, test } from "vitest";
import { callTimeoutMs } from "./call-head.js";

const timeoutOf = (ms: number, limit = Infinity): number => callTimeoutMs({ "bento-timeout-ms": String(ms) }, limit);

test("a call gets its caller's time, up to 1/16 more, and never more than the limit", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 9 }), fc.integer({ min: 1, max: 10 ** 9 }), (ms, limit) => {
      expect(timeoutOf(ms)).toBeGreaterThanOrEqual(ms);
      expect(timeoutOf(ms)).toBeLessThan(ms * (1 + 1 / 16) + 1);
      expect(timeoutOf(ms, limit)).toBeLessThanOrEqual(limit);
    }),
  );
});

test("small times are exact, and large ones few", () => {
  expect([0, 1, 2, 17, 31, 32].map((ms) => timeoutOf(ms))).toEqual([0, 1, 2, 17, 31, 32]);
  const all = Array.from({ length: 30_000 }, (_, ms) => timeoutOf(30_000 + ms));
  expect(new Set(all).size).toBeLessThanOrEqual(18);
});

test("without the header it is the limit; what is no whole number is refused", () => {
  expect(callTimeoutMs({}, 5)).toBe(5);
  for (const text of ["", "-1", "1.5", "1e3", "soon", "9".repeat(16)]) expect(() => callTimeoutMs({ "bento-timeout-ms": text }, 5)).toThrow(/whole number of milliseconds/);
});
