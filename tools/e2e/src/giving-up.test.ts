import { NdArray, type AnyRunner } from "bentoml-core";
import { afterEach, expect, test } from "vitest";
import { fixtureRunner, method } from "./fixtures.js";
import { Gate } from "./gate.js";

const row = (value: number): NdArray => new NdArray("float32", [1, 1], Float32Array.of(value));

let gate: Gate;
let runner: AnyRunner;

function gated(options: { workers?: number; maxQueueSize?: number; graceMs?: number } = {}): void {
  gate = new Gate();
  runner = fixtureRunner("gated", "Gated", { pass: { batchable: true }, untilAborted: {} }, { gate: gate.memory }, { workers: 1, ...options });
}

afterEach(async () => {
  gate.open();
  await runner.destroy();
});

test("a call that is aborted while it waits is never run", async () => {
  gated();
  const running = method(runner, "pass")(row(1));
  await gate.untilBegun(1);
  const controller = new AbortController();
  const waiting = method(runner, "pass").with({ signal: controller.signal })(row(2));
  controller.abort(new Error("left"));
  await expect(waiting).rejects.toThrow("left");
  gate.open();
  await running;
  await method(runner, "pass")(row(3));
  expect(gate.finished).toBe(2);
});

test("a deadline is kept while the model runs, and the next call is served", async () => {
  gated();
  await expect(method(runner, "pass").with({ timeoutMs: 30 })(row(1))).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED", httpStatus: 504 });
  gate.open();
  expect(((await method(runner, "pass")(row(2))) as NdArray).toNested()).toEqual([[2]]);
});

test("when all callers of a batch are gone its signal is aborted", async () => {
  gated();
  const controller = new AbortController();
  const call = method(runner, "untilAborted").with({ signal: controller.signal })(0);
  await gate.untilBegun(1);
  controller.abort(new Error("left"));
  await expect(call).rejects.toThrow("left");
  await gate.untilFinished(1);
});

test("a full queue refuses with 503, the rest is answered", async () => {
  gated({ maxQueueSize: 2 });
  const first = method(runner, "pass")(row(0));
  await gate.untilBegun(1);
  const others = [1, 2, 3, 4].map((value) => method(runner, "pass")(row(value)));
  gate.open();
  const outcomes = await Promise.allSettled([first, ...others]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled", "rejected", "rejected"]);
  expect((outcomes[4] as PromiseRejectedResult).reason).toMatchObject({ code: "SERVICE_BUSY", httpStatus: 503 });
});

test("destroy answers what was accepted, then refuses until init", async () => {
  gated();
  const calls = [1, 2, 3].map((value) => method(runner, "pass")(row(value)));
  await gate.untilBegun(1);
  const destroyed = runner.destroy();
  await expect(method(runner, "pass")(row(4))).rejects.toMatchObject({ code: "STATE_ERROR" });
  gate.open();
  expect(((await Promise.all(calls)) as NdArray[]).map((answer) => answer.toNested())).toEqual([[[1]], [[2]], [[3]]]);
  await destroyed;
  await expect(method(runner, "pass")(row(5))).rejects.toMatchObject({ code: "RUNNER_NOT_INITIALIZED" });
  await runner.init();
  expect(((await method(runner, "pass")(row(6))) as NdArray).toNested()).toEqual([[6]]);
});

test("concurrent inits and first calls share one start; another kind of handle is refused", async () => {
  gated();
  gate.open();
  const [a, b] = await Promise.all([runner.init(), runner.init(), method(runner, "pass")(row(1))]);
  expect(a).toBe(b);
  await expect(runner.initLocal({ quiet: true })).rejects.toMatchObject({ code: "STATE_ERROR" });
});

test("readiness follows the workers", async () => {
  gated();
  expect(await runner.runnerHandleIsReady()).toBe(false);
  await runner.init();
  expect(await runner.runnerHandleIsReady()).toBe(true);
  await runner.destroy();
  expect(await runner.runnerHandleIsReady()).toBe(false);
});
