import { afterEach, expect, test, vi } from "vitest";
import { Configuration } from "../configuration/index.js";
import type { NdArray } from "../ndarray/index.js";
import { defaultResources } from "../resources/index.js";
import { Runnable } from "./runnable.js";
import { Runner } from "./runner.js";
import type { RunnerOptions } from "./runner-options.js";
import type { SchedulingRequest, Strategy } from "./strategy.js";

class Parent extends Runnable {
  static override readonly methods = { predict: { batchable: true }, embed: { batchable: true } };
  predict(x: NdArray): NdArray {
    return x;
  }
  embed(x: NdArray): NdArray {
    return x;
  }
}

class Child extends Parent {
  static override readonly methods = { ...Parent.methods, extra: {} };
  extra(): string {
    return "extra";
  }
}

class Several extends Parent {
  static override readonly supportsCpuMultiThreading = true;
}

/** Options that come from a file with these settings, not from this process. */
function configured(settings: Record<string, unknown>): RunnerOptions {
  return { configuration: Configuration.load({ file: false, environment: {}, options: settings }) };
}

/** Pretends that the machine has so many cores. */
function onCores(cores: number): void {
  const get = defaultResources.get.bind(defaultResources);
  vi.spyOn(defaultResources, "get").mockImplementation((request, kind) => (kind === "cpu" && (request["cpu"] ?? "system") === "system" ? cores : get(request, kind)));
  vi.spyOn(defaultResources, "system").mockReturnValue({ cpu: "system", "nvidia.com/gpu": [] });
}

afterEach(() => {
  vi.restoreAllMocks();
});

test("batching: method, then runner, then the runner's own section by its name in lower case, then that of all", () => {
  const options = configured({
    runners: { batching: { max_batch_size: 20, max_latency_ms: 200 }, Parent: { batching: { max_batch_size: 30 } } },
  });
  vi.spyOn(process, "emitWarning").mockReturnValue();
  const own = new Runner(Parent, { ...options, name: "PARENT" });
  expect([own.predict.maxBatchSize, own.predict.maxLatencyMs]).toEqual([30, 200]);
  expect(new Runner(Parent, { ...options, name: "other" }).predict.maxBatchSize).toBe(20);
  const given = new Runner(Parent, { ...options, name: "parent", maxBatchSize: 40, methodConfigs: { embed: { maxBatchSize: 50 } } });
  expect([given.predict.maxBatchSize, given.embed.maxBatchSize]).toEqual([40, 50]);
});

test("the strategy of batching, and how it waits, may come from the configuration", () => {
  const section = (batching: Record<string, unknown>): RunnerOptions => ({ ...configured({ runners: { r: { batching } } }), name: "r" });
  expect(new Runner(Parent, section({ strategy: "off" })).predict.config.batchable).toBe(false);
  expect(new Runner(Parent, { ...section({ strategy: "off" }), batchingStrategy: "adaptive" }).predict.config.batchable).toBe(true);
  expect(() => new Runner(Parent, section({ strategy: "fixed" }))).toThrow(/nothing says how long a call may wait/);
  for (const given of [{ max_latency_ms: 50 }, { max_queue_delay_ms: 0 }]) expect(() => new Runner(Parent, section({ strategy: "fixed", ...given }))).not.toThrow();
});

test("D8: batching switched off for one runner touches neither another of its class nor the class", () => {
  const before = structuredClone(Parent.methods);
  const options = configured({ runners: { off: { batching: { enabled: false } } } });
  const off = new Runner(Parent, { ...options, name: "off", maxBatchSize: 8 });
  expect([off.predict.config.batchable, off.predict.maxBatchSize]).toEqual([false, 1]);
  const on = new Runner(Parent, { ...options, name: "on", maxBatchSize: 8 });
  expect([on.predict.config.batchable, on.predict.maxBatchSize]).toEqual([true, 8]);
  expect(Parent.methods).toEqual(before);
});

test("D8: a subclass with more methods leaves its parent's table as it was", () => {
  expect(Object.keys(new Runner(Child, { name: "child" }).methods)).toEqual(["predict", "embed", "extra"]);
  expect(Object.keys(new Runner(Parent, { name: "parent" }).methods)).toEqual(["predict", "embed"]);
});

test("without settings: one worker for each core, or one for a Runnable that uses several itself", () => {
  onCores(6);
  expect(new Runner(Parent, { name: "single" }).scheduledWorkerCount).toBe(6);
  const several = new Runner(Several, { name: "several" });
  expect(several.scheduledWorkerCount).toBe(1);
  expect(several.scheduledWorkerEnvMap).toMatchObject({ 0: { BENTOML_NUM_THREAD: "6", CUDA_VISIBLE_DEVICES: "-1" } });
});

test("resources and workers per resource: the option, else the runner's section", () => {
  onCores(6);
  const options = configured({ runners: { resources: { cpu: 2 }, r: { workers_per_resource: 2 } } });
  const runner = new Runner(Parent, { ...options, name: "r" });
  expect([runner.resourceConfig, runner.workersPerResource, runner.scheduledWorkerCount]).toEqual([{ cpu: 2 }, 2, 4]);
  expect(Object.keys(runner.scheduledWorkerEnvMap)).toEqual(["0", "1", "2", "3"]);
  expect(new Runner(Parent, { ...options, name: "r", resources: { cpu: "500m" }, workersPerResource: 3 }).scheduledWorkerCount).toBe(3);
});

test("the option workers wins over the strategy; more workers than it has places for share them", () => {
  const gpus: Strategy = { workerCount: () => 2, workerEnvironment: (_request, index) => ({ CUDA_VISIBLE_DEVICES: String(index) }) };
  const runner = new Runner(Parent, { name: "r", workers: 3, schedulingStrategy: gpus });
  expect(runner.scheduledWorkerCount).toBe(3);
  expect(Object.values(runner.scheduledWorkerEnvMap).map((environment) => environment["CUDA_VISIBLE_DEVICES"])).toEqual(["0", "1", "0"]);
});

test("a strategy of the user's own, as a class, is asked with what is known", () => {
  const asked: SchedulingRequest[] = [];
  class OnePerMethod implements Strategy {
    workerCount(request: SchedulingRequest): number {
      asked.push(request);
      return 2;
    }
    workerEnvironment(): Record<string, string> {
      return {};
    }
  }
  const runner = new Runner(Several, { name: "r", schedulingStrategy: OnePerMethod, resources: { cpu: 1 } });
  expect(runner.scheduledWorkerCount).toBe(2);
  expect(asked[0]).toEqual({
    runnable: { name: "Several", supportedResources: ["cpu"], supportsCpuMultiThreading: true },
    resources: { cpu: 1 },
    workersPerResource: 1,
  });
});

test.each([0, 1.5, Number.NaN])("a strategy that says %d workers is told what it must say", (count) => {
  const strategy: Strategy = { workerCount: () => count, workerEnvironment: () => ({}) };
  expect(() => new Runner(Parent, { name: "r", schedulingStrategy: strategy }).scheduledWorkerCount).toThrow(/Runner "r": The scheduling strategy says .* whole number/);
});

test("resources that cannot be given name the runner, the value and where it stands", async () => {
  const options = configured({ runners: { greedy: { resources: { cpu: 100_000 } } } });
  const runner = new Runner(Parent, { ...options, name: "greedy" });
  const message = /Runner "greedy": cpu is 100000, but there are only .* cores.*Set by runners\.greedy\.resources\.cpu in the options given by the program\./;
  expect(() => runner.scheduledWorkerCount).toThrow(message);
  await expect(runner.initLocal({ quiet: true })).rejects.toThrow(message);
  const misspelt = new Runner(Parent, { name: "r", resources: { cpus: 1 } });
  expect(() => misspelt.scheduledWorkerCount).toThrow(/Unknown kind of resource "cpus", did you mean "cpu"\?.*Set by the option resources\./);
});

test.each<[RunnerOptions, RegExp]>([
  [{ workers: 0 }, /workers is 0; it must be a whole number of at least 1/],
  [{ workers: 1.5 }, /workers is 1\.5/],
  [{ maxQueueSize: 0 }, /maxQueueSize is 0/],
  [{ maxQueueBytes: 1.5 }, /maxQueueBytes is 1\.5; it must be a whole number of at least 1/],
  [{ graceMs: -1 }, /graceMs is -1; it must be a number of at least 0/],
  [{ exitWaitMs: Number.NaN }, /exitWaitMs is NaN/],
  [{ workerNiceness: 20 }, /workerNiceness is 20; it must be a whole number from 0 to 19/],
  [{ workerNiceness: -1 }, /workerNiceness is -1; it must be a whole number from 0 to 19/],
  [{ workersPerResource: 0 }, /workersPerResource is 0; it must be a number above 0/],
  [{ maxBatchSize: 0 }, /maxBatchSize of runner "r" is 0/],
  [{ models: ["digits"] as never }, /models of runner "r" must be a list of stored models.*got \[ 'digits' \]/],
])("%j is refused when the runner is made", (options, message) => {
  expect(() => new Runner(Parent, { name: "r", ...options })).toThrow(message);
});

test("a Runnable whose workers give way by what is no niceness is refused when the runner is made", () => {
  class Rude extends Parent {
    static override readonly workerNiceness = -5;
  }
  expect(() => new Runner(Rude)).toThrow("workerNiceness of the Runnable Rude is -5; it must be a whole number from 0 to 19.");
});

test("a runner that is called like a setting of all runners is told so", () => {
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue();
  const runner = new Runner(Parent, { ...configured({ runners: { batching: { max_batch_size: 9 } } }), name: "batching" });
  expect(runner.predict.maxBatchSize).toBe(9);
  expect(warn.mock.calls).toEqual([[expect.stringMatching(/"batching" has no section of its own.*another name/), expect.objectContaining({ code: "BENTOML_RUNNER_NAME" })]]);
});

test("attributes of a runner cannot be set", () => {
  const runner = new Runner(Parent, { name: "r", resources: { cpu: 1 } }) as unknown as Record<string, Record<string, unknown>>;
  for (const name of ["name", "models", "resourceConfig", "runnableClass", "embedded", "methods", "run", "predict", "another"]) {
    expect(() => {
      runner[name] = {};
    }, name).toThrow(TypeError);
  }
  expect(() => {
    (runner["methods"] as Record<string, unknown>)["other"] = {};
  }).toThrow(TypeError);
});
