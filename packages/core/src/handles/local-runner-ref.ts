import { StateError } from "../errors/index.js";
import type { Clock } from "../clock/index.js";
import { NdArray } from "../ndarray/index.js";
import { defaultRegistry, type Params } from "../containers/index.js";
import { checkBatchSizes, loadRunnable, type RunnableInstance } from "../workers/index.js";
import { CallWatch } from "./call-watch.js";
import type { MethodSpec } from "./method-spec.js";
import { ownResult } from "./own-result.js";
import type { CallOptions, HandleStats, RunnerHandle } from "./runner-handle.js";

/** Where the Runnable comes from: its class, or the module of a class that is loaded now. */
export type LocalSource = { readonly setup: object } & (
  | { readonly make: () => RunnableInstance }
  | { readonly reference: { readonly module: string; readonly export: string; readonly params: unknown } }
);

/**
 * Runs the model in the calling thread, without batching: for tests, notebooks and embedded runners. Arguments are copied, so
 * that the caller may reuse its arrays even while an asynchronous method still reads them.
 */
export class LocalRunnerRef implements RunnerHandle {
  readonly #inFlight = new Set<Promise<unknown>>();
  readonly #watch: CallWatch<(error: unknown) => void>;
  #facts: Readonly<Record<string, unknown>> = {};
  #runnable: RunnableInstance | undefined;
  #starting: Promise<RunnableInstance> | undefined;
  #closed = false;

  constructor(
    private readonly runnerName: string,
    private readonly source: LocalSource,
    private readonly clock: Clock,
  ) {
    this.#watch = new CallWatch(`Runner "${runnerName}"`, clock, { onAbort: (stop, reason) => stop(reason), onDeadline: (stop, error) => stop(error) });
  }

  get facts(): Readonly<Record<string, unknown>> {
    return this.#facts;
  }

  /** Loads the model in this thread. Calls made before it is ready wait for it. */
  async start(): Promise<void> {
    this.#starting ??= this.#load();
    await this.#starting;
  }

  async #load(): Promise<RunnableInstance> {
    const runnable = "make" in this.source ? this.source.make() : await loadRunnable(this.source.reference);
    this.#facts = ((await runnable.setup?.(this.source.setup)) ?? {}) as Record<string, unknown>;
    this.#runnable = runnable;
    return runnable;
  }

  async runMethod(method: MethodSpec, params: Params, options: CallOptions): Promise<unknown> {
    if (this.#closed) throw new StateError(`Runner "${this.runnerName}" is being destroyed and takes no more calls.`);
    options.signal?.throwIfAborted();
    if (method.batchable) checkBatchSizes(params, method.batchDim[0]);
    const copies = params.args.map(copied);
    const kwargs = Object.entries(params.kwargs).map(([name, value]) => [name, copied(value)] as const);
    const args = await Promise.all(kwargs.length === 0 ? copies : [...copies, recordOf(kwargs)]);
    const runnable = this.#runnable ?? (await this.#starting);
    if (runnable === undefined) throw new StateError(`Runner "${this.runnerName}" was not started.`);
    const run = this.#call(runnable, method, args, options);
    this.#inFlight.add(run);
    try {
      return ownResult(await run);
    } finally {
      this.#inFlight.delete(run);
    }
  }

  isReady(): Promise<boolean> {
    return Promise.resolve(!this.#closed && this.#runnable !== undefined);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#inFlight);
    await this.#runnable?.teardown?.();
  }

  stats(): HandleStats {
    return { queuedCalls: 0, queuedItems: 0, workers: { alive: 1, idle: this.#inFlight.size === 0 ? 1 : 0, size: 1, restarts: 0 } };
  }

  #call(runnable: RunnableInstance, method: MethodSpec, args: readonly unknown[], options: CallOptions): Promise<unknown> {
    const { signal, timeoutMs, requestId } = options;
    const requestIds = requestId === undefined ? [] : [requestId];
    const implementation = runnable[method.name] as (...args: unknown[]) => unknown;
    if (signal === undefined && timeoutMs === undefined) {
      return Promise.resolve(implementation.call(runnable, ...args, new LocalCallContext(requestIds, undefined)));
    }
    return new Promise((resolve, reject) => {
      const controller = new AbortController();
      const stop = (error: unknown): void => {
        controller.abort(error);
        reject(error instanceof Error ? error : (error as Error));
      };
      const unwatch = this.#watch.watch(options, stop, this.clock.now());
      const context = new LocalCallContext(requestIds, timeoutMs === undefined ? undefined : this.clock.wallTime() + timeoutMs, controller);
      Promise.resolve()
        .then(() => implementation.call(runnable, ...args, context))
        .then(resolve, reject)
        .finally(() => unwatch?.());
    });
  }
}

/** The signal of a call that nobody can abort is made only when the method asks for it. */
class LocalCallContext {
  readonly requestIds: readonly string[];
  readonly deadline: number | undefined;
  #controller: AbortController | undefined;

  constructor(requestIds: readonly string[], deadline: number | undefined, controller?: AbortController) {
    this.requestIds = requestIds;
    this.deadline = deadline;
    this.#controller = controller;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }
}

function copied(value: unknown): unknown {
  if (NdArray.isNdArray(value)) return value.clone();
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  const container = defaultRegistry.containerOf(value);
  const payload = container.toPayload(value, 0);
  if (payload instanceof Promise) return payload.then((ready) => container.fromPayload(ready));
  return container.fromPayload({ ...payload, buffers: payload.buffers.map((bytes) => bytes.slice()) });
}

async function recordOf(entries: readonly (readonly [string, unknown])[]): Promise<Record<string, unknown>> {
  const record: Record<string, unknown> = {};
  for (const [name, value] of entries) record[name] = await value;
  return record;
}
