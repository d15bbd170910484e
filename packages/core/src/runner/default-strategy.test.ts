import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { ResourceRegistry } from "../resources/index.js";
import { DefaultStrategy } from "./default-strategy.js";
import type { SchedulingRequest } from "./strategy.js";

/** A machine of 64 cores and 16 GPUs; amounts come as they are. */
const machine = new ResourceRegistry([
  { resourceId: "cpu", fromSpec: (spec) => spec, fromSystem: () => 64, validate: () => undefined },
  {
    resourceId: "nvidia.com/gpu",
    fromSpec: (spec) => (typeof spec === "number" ? Array.from({ length: spec }, (_, index) => index) : spec),
    fromSystem: () => Array.from({ length: 16 }, (_, index) => index),
    validate: () => undefined,
  },
]);
const strategy = new DefaultStrategy(machine);

const GPU = { name: "OnGpus", supportedResources: ["nvidia.com/gpu", "cpu"], supportsCpuMultiThreading: true };
const SINGLE = { name: "Single", supportedResources: ["cpu"], supportsCpuMultiThreading: false };
const MULTI = { name: "Multi", supportedResources: ["cpu"], supportsCpuMultiThreading: true };

function onGpus(gpus: number | number[], workersPerResource: number): SchedulingRequest {
  return { runnable: GPU, resources: { "nvidia.com/gpu": gpus }, workersPerResource };
}

function onCores(runnable: typeof SINGLE, cpu: number, workersPerResource: number): SchedulingRequest {
  return { runnable, resources: { cpu }, workersPerResource };
}

function visibleGpus(request: SchedulingRequest, index: number): string | undefined {
  return strategy.workerEnvironment(request, index)["CUDA_VISIBLE_DEVICES"];
}

test.each<[number | number[], number, number]>([
  [2, 1, 2],
  [2, 2, 4],
  [[2, 7], 1, 2],
  [[2, 7], 2, 4],
  [[2, 7], 0.5, 1],
  [[2, 7, 9], 0.5, 2],
  [[2, 7, 8, 9], 0.5, 2],
  [[0, 1, 2], 0.4, 2],
  [[0, 1, 2], 1.5, 5],
  [2, 0.34, 1],
])("GPUs %j, %d workers each: %d workers, as the Python original counts", (gpus, workersPerResource, count) => {
  expect(strategy.workerCount(onGpus(gpus, workersPerResource))).toBe(count);
});

test.each<[number | number[], number, number, string]>([
  [2, 1, 0, "0"],
  [2, 1, 1, "1"],
  [[2, 7], 1, 1, "7"],
  [2, 2, 0, "0"],
  [2, 2, 1, "0"],
  [2, 2, 2, "1"],
  [[2, 7], 2, 1, "2"],
  [[2, 7], 2, 2, "7"],
  [[2, 7], 0.5, 0, "2,7"],
  [[2, 7, 8, 9], 0.5, 0, "2,7"],
  [[2, 7, 8, 9], 0.5, 1, "8,9"],
  [[2, 7, 8, 9], 0.25, 0, "2,7,8,9"],
  [[2, 6, 7, 8, 9], 0.4, 0, "2,6"],
  [[2, 6, 7, 8, 9], 0.4, 1, "7,8"],
  [[2, 6, 7, 8, 9], 0.4, 2, "9"],
])("GPUs %j, %d workers each: worker %d sees %s, as in the Python original", (gpus, workersPerResource, index, visible) => {
  expect(visibleGpus(onGpus(gpus, workersPerResource), index)).toBe(visible);
});

test.each([
  [0.1, 10], [0.2, 5], [0.25, 4], [0.3, 3], [0.33, 3], [0.4, 2], [0.5, 2], [0.6, 2], [0.66, 2], [0.667, 1], [0.7, 1], [0.8, 1], [0.9, 1],
])("with %d workers a GPU, each gets %d GPUs", (workersPerResource, count) => {
  expect(visibleGpus(onGpus(16, workersPerResource), 0)?.split(",")).toHaveLength(count);
});

test("the count for 5 GPUs and 0.4 is 3: the original says 2 workers, and has an environment for a third", () => {
  expect(strategy.workerCount(onGpus([2, 5, 7, 8, 9], 0.4))).toBe(3);
});

test("count and environments agree: every worker has a GPU, every GPU a worker", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16 }), fc.double({ min: 0.01, max: 8, noNaN: true }), (gpus, workersPerResource) => {
      const request = onGpus(gpus, workersPerResource);
      const count = strategy.workerCount(request);
      expect(Number.isInteger(count) && count >= 1).toBe(true);
      const seen = Array.from({ length: count }, (_, index) => visibleGpus(request, index)?.split(",") ?? []);
      expect(seen.every((visible) => visible.length > 0 && !visible.includes(""))).toBe(true);
      expect(new Set(seen.flat()).size).toBe(gpus);
      expect(() => strategy.workerEnvironment(request, count)).toThrow(/There is no worker/);
    }),
  );
});

test.each<[typeof SINGLE, number, number, number]>([
  [SINGLE, 2, 1, 2],
  [SINGLE, 2, 0.5, 1],
  [SINGLE, 2, 2, 4],
  [SINGLE, 1.2, 1, 2],
  [SINGLE, 1.5, 1, 2],
  [SINGLE, 1, 0.5, 1],
  [SINGLE, 100, 0.07, 7],
  [MULTI, 4, 1, 1],
  [MULTI, 4, 2, 2],
])("%j on %d cores, %d workers each: %d workers, always whole", (runnable, cpu, workersPerResource, count) => {
  expect(strategy.workerCount(onCores(runnable, cpu, workersPerResource))).toBe(count);
});

test("no GPUs: cores, and as many workers as are wanted of a Runnable that uses several", () => {
  expect(strategy.workerCount({ runnable: GPU, resources: { "nvidia.com/gpu": [], cpu: 3 }, workersPerResource: 2 })).toBe(2);
});

test.each<[typeof SINGLE, number, number, string]>([
  [SINGLE, 4, 0, "1"],
  [SINGLE, 4, 1, "1"],
  [MULTI, 4, 0, "4"],
  [MULTI, 3.5, 0, "4"],
])("%j on %d cores: worker %d has %s threads and no GPU, as in the Python original", (runnable, cpu, index, threads) => {
  expect(strategy.workerEnvironment(onCores(runnable, cpu, 1), index)).toEqual({
    CUDA_VISIBLE_DEVICES: "-1",
    BENTOML_NUM_THREAD: threads,
    OMP_NUM_THREADS: threads,
    OPENBLAS_NUM_THREADS: threads,
    MKL_NUM_THREADS: threads,
    VECLIB_MAXIMUM_THREADS: threads,
    NUMEXPR_NUM_THREADS: threads,
    RAYON_RS_NUM_CPUS: threads,
    TF_NUM_INTEROP_THREADS: threads,
    TF_NUM_INTRAOP_THREADS: threads,
  });
});

test("without a wish, all that the machine has", () => {
  expect(strategy.workerCount({ runnable: GPU, resources: undefined, workersPerResource: 1 })).toBe(16);
  expect(strategy.workerCount({ runnable: SINGLE, resources: undefined, workersPerResource: 1 })).toBe(64);
  expect(strategy.workerCount({ runnable: MULTI, resources: undefined, workersPerResource: 1 })).toBe(1);
});

test("nothing to run on says what is missing", () => {
  expect(() => strategy.workerCount(onGpus(0, 1))).toThrow(/No resource for OnGpus: it can use nvidia\.com\/gpu, cpu/);
  expect(() => strategy.workerCount({ runnable: SINGLE, resources: {}, workersPerResource: 1 })).toThrow(/No resource for Single/);
});

test("a fraction of a worker that uses all cores is refused", () => {
  expect(() => strategy.workerCount(onCores(MULTI, 4, 0.5))).toThrow(/workers_per_resource is 0\.5, but Multi uses all cores in one worker/);
});

test("falling back to the CPU warns once", () => {
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue();
  const fresh = new DefaultStrategy(machine);
  const request = { runnable: { ...SINGLE, supportedResources: ["nvidia.com/gpu"] }, resources: { cpu: 1 }, workersPerResource: 1 };
  fresh.workerCount(request);
  fresh.workerEnvironment(request, 0);
  expect(warn.mock.calls).toEqual([[expect.stringContaining("Single"), { type: "BentoMLWarning", code: "BENTOML_CPU_FALLBACK" }]]);
  warn.mockRestore();
});
