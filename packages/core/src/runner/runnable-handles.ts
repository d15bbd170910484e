import { InvalidArgumentError, RunnableNotReachableError, StateError } from "../errors/index.js";
import { systemClock } from "../clock/index.js";
import type { BatchingConfiguration } from "../configuration/index.js";
import { LocalRunnerRef, WorkerPoolHandle, type MethodSpec } from "../handles/index.js";
import { isInsideWorker, processLink, threadLink, type MakeLink, type RecyclingLimits, type WorkerStart } from "../workers/index.js";
import { isRunnableReference, type RunnableClass, type RunnableReference } from "./runnable.js";
import { DEFAULT_EXIT_WAIT_MS, type RunnerOptions } from "./runner-options.js";
import type { WorkerPlan } from "./worker-plan.js";

/** What the handles that run a Runnable themselves are made from. */
export interface RunnableParts {
  readonly runnerName: string;
  readonly source: RunnableClass | RunnableReference;
  readonly specs: readonly MethodSpec[];
  readonly options: RunnerOptions;
  /** Of the configuration. */
  readonly batching: BatchingConfiguration;
}

/** What the plan of a runner says about its workers. */
export interface WorkerSchedule {
  plan(): WorkerPlan;
  workerEnvironments(): Readonly<Record<number, Readonly<Record<string, string>>>>;
  readonly givesGpus: boolean;
}

/**
 * Runs the Runnable in workers, behind the batcher.
 *
 * @throws StateError inside a worker; RunnableNotReachableError for a class that names no module.
 */
export function workerPoolHandle(parts: RunnableParts, schedule: WorkerSchedule): WorkerPoolHandle {
  const { runnerName, specs, options, batching } = parts;
  if (isInsideWorker()) {
    throw new StateError(`Runner "${runnerName}" cannot start workers inside a worker. A module with a Runnable must not start runners or servers when it is imported.`, {
      code: "NESTED_RUNNER",
    });
  }
  const { workers, threads, spareCore } = schedule.plan();
  const spin = options.spin ?? spareCore;
  const isolation = options.isolation ?? (schedule.givesGpus ? "process" : "thread");
  const startOf = workerStart(parts, { workers, threads, spin });
  return new WorkerPoolHandle({
    runnerName,
    methods: specs,
    workers,
    maxQueueSize: options.maxQueueSize ?? batching.maxQueueSize,
    maxQueueBytes: options.maxQueueBytes ?? batching.maxQueueBytes,
    spin,
    isolation,
    workerTimeoutMs: options.workerTimeoutMs ?? Infinity,
    recycling: recycling(runnerName, isolation, options),
    clock: systemClock,
    makeLink: isolation === "process" ? processesOf(startOf, schedule.workerEnvironments()) : threadsOf(startOf, options),
  });
}

/** Runs the Runnable in this thread, which may use `threads` CPU threads. */
export function localHandle({ runnerName, source, specs, options }: RunnableParts, threads: number): LocalRunnerRef {
  const setup = { workerIndex: 0, workerCount: 1, threads, maxBatchSize: largestBatch(specs), niceness: nicenessOf(source, options) };
  if (isRunnableReference(source)) return new LocalRunnerRef(runnerName, { reference: source, setup }, systemClock);
  const runnableClass = source as unknown as new (params: unknown) => Record<string, unknown>;
  return new LocalRunnerRef(runnerName, { make: () => new runnableClass(options.runnableInitParams), setup }, systemClock);
}

/** @throws InvalidArgumentError for a limit of memory that no worker could be told apart by. */
function recycling(runnerName: string, isolation: "thread" | "process", { maxRequests = Infinity, maxRssMb = Infinity }: RunnerOptions): RecyclingLimits {
  if (isolation === "process" || maxRssMb === Infinity) return { maxRequests, maxRssMb };
  throw new InvalidArgumentError(
    `maxRssMb of runner "${runnerName}" is ${String(maxRssMb)}, but threads share the memory of one process: use isolation "process", or maxRequests.`,
  );
}

type StartOf = (workerIndex: number) => WorkerStart;

/** What each worker is started with. */
function workerStart({ runnerName, source, specs, options }: RunnableParts, plan: { readonly workers: number; readonly threads: number; readonly spin: boolean }): StartOf {
  const { workers, threads, spin } = plan;
  const maxBatchSize = largestBatch(specs);
  const rest = {
    runner: runnerName,
    runnable: reachable(source, options),
    methods: Object.fromEntries(specs.map(({ name, batchDim, stream }) => [name, { outputBatchDim: batchDim[1], stream }])),
    spin,
    reportsMemory: options.maxRssMb !== undefined,
    niceness: nicenessOf(source, options),
  };
  return (workerIndex) => ({ ...rest, setup: { workerIndex, workerCount: workers, threads, maxBatchSize, niceness: 0 } });
}

function threadsOf(startOf: StartOf, options: RunnerOptions): MakeLink {
  const exitWaitMs = options.exitWaitMs ?? DEFAULT_EXIT_WAIT_MS;
  return (workerIndex, events, bell) => threadLink(startOf(workerIndex), exitWaitMs, events, bell);
}

function processesOf(startOf: StartOf, environments: ReturnType<WorkerSchedule["workerEnvironments"]>): MakeLink {
  return (workerIndex, events) => processLink(startOf(workerIndex), environments[workerIndex] ?? {}, events);
}

/** How a worker finds the class. */
function reachable(source: RunnableClass | RunnableReference, options: RunnerOptions): { module: string; export: string; params: unknown } {
  if (isRunnableReference(source)) return { module: source.module, export: source.export, params: source.params };
  if (source.module === undefined) {
    throw new RunnableNotReachableError(
      `Workers cannot find the class ${source.name}: add "static override readonly module = import.meta.url" to it and export it under that name, or use initLocal() to run it in this thread.`,
    );
  }
  return { module: source.module, export: source.name, params: options.runnableInitParams };
}

function nicenessOf(source: RunnableClass | RunnableReference, options: RunnerOptions): number {
  return options.workerNiceness ?? source.workerNiceness ?? 0;
}

function largestBatch(specs: readonly MethodSpec[]): number {
  return Math.max(...specs.map((spec) => spec.maxBatchSize));
}
