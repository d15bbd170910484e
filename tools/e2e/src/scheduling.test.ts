import { Configuration, Runner, systemResources, type AnyRunner, type RunnerOptions } from "bentoml-core";
import { afterEach, expect, test } from "vitest";
import { method } from "./fixtures.js";

let runner: AnyRunner;

afterEach(() => runner.destroy());

function scheduled(options: RunnerOptions, { several = false, settings = {} }: { several?: boolean; settings?: Record<string, unknown> } = {}): AnyRunner {
  runner = new Runner(
    {
      module: new URL("../fixtures/scheduled.mjs", import.meta.url).href,
      export: several ? "ScheduledOnSeveral" : "Scheduled",
      params: undefined,
      methods: { double: { batchable: true }, fail: {} },
      supportsCpuMultiThreading: several,
    },
    { name: "scheduled", configuration: Configuration.load({ file: false, environment: {}, options: settings }), ...options },
  );
  return runner;
}

test("D5: the promise of an asynchronous method is awaited in a worker", async () => {
  scheduled({ workers: 1 });
  expect(await Promise.all([method(runner, "double")([1, 2]), method(runner, "double")([3])])).toEqual([[2, 4], [6]]);
  await expect(method(runner, "fail")()).rejects.toThrow("later");
});

test("a configuration decides how many workers there are, and how large their batches", async () => {
  scheduled({}, { settings: { runners: { scheduled: { resources: { cpu: 1 }, workers_per_resource: 2, batching: { max_batch_size: 7 } } } } });
  await runner.init();
  expect(runner.facts).toEqual({ workerCount: 2, threads: 1, maxBatchSize: 7 });
  expect(runner.stats().workers.alive).toBe(2);
  expect(Object.keys(runner.scheduledWorkerEnvMap)).toHaveLength(2);
});

test("without settings a Runnable that uses several cores has one worker with all of them", async () => {
  scheduled({}, { several: true });
  await runner.init();
  expect(runner.facts).toMatchObject({ workerCount: 1, threads: Math.ceil(systemResources()["cpu"] as number) });
});

test("batching that is switched off leaves each call alone", async () => {
  scheduled({ workers: 1 }, { settings: { runners: { batching: { enabled: false } } } });
  await runner.init();
  expect(runner.facts).toMatchObject({ maxBatchSize: 1 });
  expect(await method(runner, "double")([1, 2, 3])).toEqual([2, 4, 6]);
});

test("destroy during the start lets it end, answers what waits, and leaves a runner that can be started again", async () => {
  scheduled({ workers: 1 });
  const answer = method(runner, "double")([4]);
  await runner.destroy();
  expect(await answer).toEqual([8]);
  await runner.init();
  expect(await method(runner, "double")([5])).toEqual([10]);
});
