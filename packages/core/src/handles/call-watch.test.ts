import { expect, test } from "vitest";
import { VirtualClock } from "../clock/index.js";
import { CallWatch } from "./call-watch.js";
import type { CallOptions } from "./runner-handle.js";

function logging(clock: VirtualClock): { watch: (options: CallOptions, name: string) => (() => void) | undefined; log: string[] } {
  const log: string[] = [];
  const calls = new CallWatch<string>("runner", clock, {
    onAbort: (name, reason) => log.push(`${name} aborted: ${String(reason)}`),
    onDeadline: (name) => log.push(`${name} late`),
  });
  return { watch: (options, name) => calls.watch(options, name, clock.now()), log };
}

test("calls of one limit come due in their order, those that were answered do not", async () => {
  const clock = new VirtualClock();
  const { watch, log } = logging(clock);
  const answers = ["a", "b", "c"].map((name) => watch({ timeoutMs: 10 }, name));
  await clock.advance(5);
  watch({ timeoutMs: 10 }, "d");
  watch({ timeoutMs: 3 }, "short");
  answers[1]?.();
  await clock.advance(4);
  expect(log).toEqual(["short late"]);
  await clock.advance(1);
  expect(log).toEqual(["short late", "a late", "c late"]);
  await clock.advance(5);
  expect(log).toEqual(["short late", "a late", "c late", "d late"]);
  expect(clock.pendingTimers).toBe(0);
});

test("leaving twice, and leaving after the deadline, does nothing", async () => {
  const clock = new VirtualClock();
  const { watch, log } = logging(clock);
  const first = watch({ timeoutMs: 10 }, "first");
  const second = watch({ timeoutMs: 10 }, "second");
  first?.();
  first?.();
  await clock.advance(10);
  second?.();
  watch({ timeoutMs: 10 }, "third");
  await clock.advance(10);
  expect(log).toEqual(["second late", "third late"]);
});

test("one abort reaches every call of its signal that is still waiting, and no other", () => {
  const { watch, log } = logging(new VirtualClock());
  const controller = new AbortController();
  const answered = watch({ signal: controller.signal }, "answered");
  watch({ signal: controller.signal }, "waiting");
  watch({ signal: new AbortController().signal }, "other");
  answered?.();
  controller.abort("left");
  expect(log).toEqual(["waiting aborted: left"]);
});

test("one of many calls of a signal is given up alone, and hears of the signal no more once it has left", () => {
  const { watch, log } = logging(new VirtualClock());
  const controller = new AbortController();
  const giveUps: ((reason: unknown) => void)[] = [];
  const leaves = ["first", "second", "third"].map((name) => watch({ signal: controller.signal, giveUpBy: (giveUp) => giveUps.push(giveUp) }, name));
  giveUps[1]?.("changed its mind");
  leaves[1]?.();
  controller.abort("left");
  expect(log).toEqual(["second aborted: changed its mind", "first aborted: left", "third aborted: left"]);
});

test("many different limits leave no timer behind, and every call keeps its deadline", async () => {
  const clock = new VirtualClock();
  const { watch, log } = logging(clock);
  const limits = Array.from({ length: 200 }, (_, index) => 1_000 + index);
  const waiting = limits.map((timeoutMs) => watch({ timeoutMs }, "waiting"));
  expect(clock.pendingTimers).toBe(200);
  for (const leave of waiting) leave?.();
  expect(clock.pendingTimers).toBeLessThanOrEqual(64);
  for (const timeoutMs of limits) watch({ timeoutMs }, "answered")?.();
  expect(clock.pendingTimers).toBeLessThanOrEqual(64);
  watch({ timeoutMs: 10 }, "late");
  for (const timeoutMs of limits) watch({ timeoutMs }, "answered")?.();
  await clock.advance(10);
  expect(log).toEqual(["late late"]);
  await clock.advance(2_000);
  expect([log.length, clock.pendingTimers]).toEqual([1, 0]);
});

test("a call without limits is not watched", () => {
  expect(logging(new VirtualClock()).watch({}, "call")).toBeUndefined();
});
