import { RunnableNotReachableError, StateError } from "../errors/index.js";
import { systemClock } from "../clock/index.js";
import { LocalRunnerRef, WorkerPoolHandle, type MethodSpec } from "../handles/index.js";
import { isInsideWorker, threadLink } from "../workers/index.js";
import { isRunnableReference, type RunnableClass, type RunnableReference } from "./runnable.js";
import { DEFAULT_EXIT_WAIT_MS, DEFAULT_MAX_QUEUE_SIZE, type RunnerOptions } from "./runner-options.js";
import type { WorkerPlan } from "./worker-plan.js";

/** What the handles that run a Runnable themselves are made from. */
export interface RunnableParts {
  readonly runnerName: string;
  readonly source: RunnableClass | RunnableReference;
  readonly specs: readonly MethodSpec[];
  readonly options: RunnerOptions;
}

/**
 * Runs the Runnable in worker threads, behind the batcher.
 *
 * @throws StateError inside a worker; RunnableNotReachableError for a class that names no module.
 */
export function workerPoolHandle({ runnerName, source, specs, options }: RunnableParts, plan: () => WorkerPlan): WorkerPoolHandle {
  if (isInsideWorker()) {
    throw new StateError(`Runner "${runnerName}" cannot start workers inside a worker. A module with a Runnable must not start runners or servers when it is imported.`, {
      code: "NESTED_RUNNER",
    });
  }
  const runnable = reachable(source, options);
  const { workers, threads, spareCore } = plan();
  const spin = options.spin ?? spareCore;
  const maxBatchSize = largestBatch(specs);
  const methods = Object.fromEntries(specs.map(({ name, batchDim, stream }) => [name, { outputBatchDim: batchDim[1], stream }]));
  return new WorkerPoolHandle({
    runnerName,
    methods: specs,
    workers,
    maxQueueSize: options.maxQueueSize ?? DEFAULT_MAX_QUEUE_SIZE,
    spin,
    clock: systemClock,
    makeLink: (workerIndex, events, bell) =>
      threadLink(
        { runner: runnerName, runnable, methods, spin, setup: { workerIndex, workerCount: workers, threads, maxBatchSize } },
        options.exitWaitMs ?? DEFAULT_EXIT_WAIT_MS,
        events,
        bell,
      ),
  });
}

/** Runs the Runnable in this thread, which may use `threads` CPU threads. */
export function localHandle({ runnerName, source, specs, options }: RunnableParts, threads: number): LocalRunnerRef {
  const setup = { workerIndex: 0, workerCount: 1, threads, maxBatchSize: largestBatch(specs) };
  if (isRunnableReference(source)) return new LocalRunnerRef(runnerName, { reference: source, setup }, systemClock);
  const runnableClass = source as unknown as new (params: unknown) => Record<string, unknown>;
  return new LocalRunnerRef(runnerName, { make: () => new runnableClass(options.runnableInitParams), setup }, systemClock);
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

function largestBatch(specs: readonly MethodSpec[]): number {
  return Math.max(...specs.map((spec) => spec.maxBatchSize));
}
