import { expect, test } from "vitest";
import { RetryRule } from "./retry-rule.js";

const most = (): number => 1;

test("a connection that cannot be made is tried again after 50 ms and then twice as long, to 1 s, as often as it may be", () => {
  const rule = new RetryRule(6, false, most);
  expect(Array.from({ length: 7 }, () => rule.delayAfter("connecting"))).toEqual([50, 100, 200, 400, 800, 1000, undefined]);
});

test("what may have run is sent again once, if it may run twice", () => {
  expect(new RetryRule(3, false, most).delayAfter("sent")).toBeUndefined();
  const rule = new RetryRule(0, true, most);
  expect([rule.delayAfter("sent"), rule.delayAfter("sent")]).toEqual([0, undefined]);
});

test("nothing is sent again once an answer has begun", () => {
  expect(new RetryRule(3, true, most).delayAfter("answered")).toBeUndefined();
});
