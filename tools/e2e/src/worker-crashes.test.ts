import { NdArray, type AnyRunner, type RunnableMethods } from "bentoml-core";
import { afterEach, expect, test } from "vitest";
import { fixtureRunner, method } from "./fixtures.js";

const METHODS: RunnableMethods = {
  threadOf: { batchable: true },
  poisonExit: { batchable: true },
  poisonThrow: { batchable: true },
  exitOnce: { batchable: true },
  exitNotIdempotent: { batchable: true, idempotent: false },
};
const row = (value: number): NdArray => new NdArray("float32", [1, 1], Float32Array.of(value));

let runner: AnyRunner | undefined;
afterEach(() => runner?.destroy());

function crashing(options: { workers?: number; params?: unknown } = {}): AnyRunner {
  runner = fixtureRunner("crashing", "Crashing", METHODS, options.params ?? {}, { workers: options.workers ?? 2 });
  return runner;
}

test.each(["poisonExit", "poisonThrow"])("%s: only the poisonous call fails, its neighbours are answered, the pool recovers", async (name) => {
  const poisoned = crashing();
  const answers = await Promise.allSettled([1, 13, 3, 4].map((value) => method(poisoned, name)(row(value))));
  expect(answers.map((answer) => (answer.status === "fulfilled" ? (answer.value as NdArray).toNested() : (answer.reason as { code: string }).code))).toEqual([
    [[1]],
    "WORKER_CRASHED",
    [[3]],
    [[4]],
  ]);
  expect(((await method(poisoned, "poisonExit")(row(5))) as NdArray).toNested()).toEqual([[5]]);
  expect(await poisoned.runnerHandleIsReady()).toBe(true);
  expect(poisoned.stats().workers.restarts).toBeGreaterThanOrEqual(2);
});

test("a worker that dies once: every call of its batch is answered by another", async () => {
  const dying = crashing({ params: { flag: new SharedArrayBuffer(4) } });
  const answers = await Promise.all([1, 2, 3].map((value) => method(dying, "exitOnce")(row(value))));
  expect(answers.map((answer) => (answer as NdArray).toNested())).toEqual([[[1]], [[2]], [[3]]]);
});

test("a method that is not idempotent is not run again", async () => {
  const dying = crashing({ workers: 1 });
  await expect(method(dying, "exitNotIdempotent")(row(1))).rejects.toMatchObject({ code: "WORKER_CRASHED" });
});

test("a crash in one worker leaves calls in the other alone", async () => {
  const both = crashing();
  const [poison, ...others] = await Promise.allSettled([
    method(both, "poisonExit")(row(13)),
    ...Array.from({ length: 20 }, () => method(both, "threadOf")(row(1))),
  ]);
  expect(poison.status).toBe("rejected");
  expect(others.every(({ status }) => status === "fulfilled")).toBe(true);
});

test("a model that cannot be loaded rejects init and every call with its reason, and may be tried again", async () => {
  runner = fixtureRunner("crashing", "BrokenSetup", { predict: { batchable: true } });
  await expect(runner.init()).rejects.toThrow("the model file is broken");
  await expect(method(runner, "predict")(row(1))).rejects.toThrow("the model file is broken");
  expect(await runner.runnerHandleIsReady()).toBe(false);
});

test("a worker that dies while it loads its model rejects init instead of starting it for ever", async () => {
  runner = fixtureRunner("crashing", "ExitInSetup", { predict: { batchable: true } });
  await expect(runner.init()).rejects.toThrow(/died while it loaded its model: it exited with code 3/);
});

test("a missing export names what the module has", async () => {
  runner = fixtureRunner("crashing", "NoSuchClass", { predict: { batchable: true } });
  await expect(runner.init()).rejects.toMatchObject({ code: "RUNNABLE_NOT_REACHABLE", message: expect.stringContaining("BrokenSetup") });
});
