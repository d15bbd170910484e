import { expect, test } from "vitest";
import { RetryRule, type Progress } from "./retry-rule.js";

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function delays(progress: Progress, error: Error, { retries = 3, isIdempotent = true }: { retries?: number; isIdempotent?: boolean } = {}): (number | undefined)[] {
  const rule = new RetryRule({ retries, isIdempotent }, () => 1);
  return Array.from({ length: retries + 1 }, () => rule.delayAfter(progress, error));
}

test("a connection that cannot be made is tried again a few times, each time later, whatever the method", () => {
  expect(delays("connecting", failure("ECONNREFUSED"), { isIdempotent: false })).toEqual([50, 100, 200, undefined]);
  expect(delays("connecting", failure("ENOENT"), { retries: 6 })).toEqual([50, 100, 200, 400, 800, 1_000, undefined]);
  expect(delays("connecting", failure("ECONNREFUSED"), { retries: 0 })).toEqual([undefined]);
});

test("the delay is spread over its second half", () => {
  expect(new RetryRule({ retries: 1, isIdempotent: true }, () => 0).delayAfter("connecting", failure("ECONNREFUSED"))).toBe(25);
});

test("a connection that broke without an answer is tried once more at once, for an idempotent method only", () => {
  expect(delays("sent", failure("UND_ERR_SOCKET"))).toEqual([0, undefined, undefined, undefined]);
  expect(delays("sent", failure("ECONNRESET"), { isIdempotent: false })).toEqual([undefined, undefined, undefined, undefined]);
});

test("nothing is sent again once an answer has begun, or for what does not pass by itself", () => {
  expect(delays("answered", failure("ECONNRESET"))).toEqual([undefined, undefined, undefined, undefined]);
  expect(delays("connecting", failure("DEPTH_ZERO_SELF_SIGNED_CERT"))).toEqual([undefined, undefined, undefined, undefined]);
});

test("of a name with several addresses it is enough that one may come back", () => {
  const error = new AggregateError([failure("EINVAL"), failure("ECONNREFUSED")]);
  expect(delays("connecting", error)[0]).toBe(50);
});
