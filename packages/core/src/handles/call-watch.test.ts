import { expect, test } from "vitest";
import { VirtualClock } from "../clock/index.js";
import { CallWatch } from "./call-watch.js";

function watched(log: string[], name: string) {
  return { onAbort: (reason: unknown) => log.push(`${name} aborted: ${String(reason)}`), onDeadline: () => log.push(`${name} late`) };
}

test("calls of one limit come due in their order, those that were answered do not", async () => {
  const clock = new VirtualClock();
  const watch = new CallWatch("runner", clock);
  const log: string[] = [];
  const answers = ["a", "b", "c"].map((name) => watch.watch({ timeoutMs: 10 }, watched(log, name)));
  await clock.advance(5);
  watch.watch({ timeoutMs: 10 }, watched(log, "d"));
  watch.watch({ timeoutMs: 3 }, watched(log, "short"));
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
  const watch = new CallWatch("runner", clock);
  const log: string[] = [];
  const first = watch.watch({ timeoutMs: 10 }, watched(log, "first"));
  const second = watch.watch({ timeoutMs: 10 }, watched(log, "second"));
  first?.();
  first?.();
  await clock.advance(10);
  second?.();
  watch.watch({ timeoutMs: 10 }, watched(log, "third"));
  await clock.advance(10);
  expect(log).toEqual(["second late", "third late"]);
});

test("one abort reaches every call of its signal that is still waiting, and no other", () => {
  const watch = new CallWatch("runner", new VirtualClock());
  const log: string[] = [];
  const controller = new AbortController();
  const answered = watch.watch({ signal: controller.signal }, watched(log, "answered"));
  watch.watch({ signal: controller.signal }, watched(log, "waiting"));
  watch.watch({ signal: new AbortController().signal }, watched(log, "other"));
  answered?.();
  controller.abort("left");
  expect(log).toEqual(["waiting aborted: left"]);
});

test("a call without limits is not watched", () => {
  expect(new CallWatch("runner", new VirtualClock()).watch({}, watched([], ""))).toBeUndefined();
});
