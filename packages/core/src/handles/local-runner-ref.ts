import { ServiceUnavailableError, StateError } from "../errors/index.js";
import type { CancelTimer, Clock } from "../clock/index.js";
import { LinkedList } from "../calls/index.js";
import type { Params } from "../containers/index.js";
import { checkBatchSizes, loadRunnable, type RunnableInstance } from "../workers/index.js";
import { CallWatch } from "./call-watch.js";
import { copiedArguments } from "./local-arguments.js";
import { LocalCallContext } from "./local-call-context.js";
import { LocalStream } from "./local-stream.js";
import type { MethodSpec } from "./method-spec.js";
import { notSynchronous } from "./not-synchronous.js";
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
  readonly #inFlight = new LinkedList<Promise<unknown>>();
  readonly #streams = new Set<LocalStream>();
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
    const facts = runnable.setup?.(this.source.setup);
    // Without anything to wait for it is ready at once, also for runSync.
    this.#facts = ((isPromise(facts) ? await facts : facts) ?? {}) as Record<string, unknown>;
    this.#runnable = runnable;
    return runnable;
  }

  async runMethod(method: MethodSpec, params: Params, options: CallOptions): Promise<unknown> {
    const copies = this.#argumentsOf(method, params, options);
    const args = isPromise(copies) ? await this.#whenReady(copies, options) : copies;
    const runnable = this.#runnable ?? (await this.#started());
    const run = this.#call(runnable, method, args, options);
    const place = this.#inFlight.add(run);
    try {
      return ownResult(await run);
    } finally {
      this.#inFlight.remove(place);
    }
  }

  runMethodSync(method: MethodSpec, params: Params, options: CallOptions): unknown {
    const args = this.#argumentsOf(method, params, options);
    if (isPromise(args)) {
      args.catch(() => undefined);
      throw notSynchronous(`An argument of "${method.name}" is of a container that works asynchronously`);
    }
    if (this.#runnable === undefined) throw notSynchronous(`Runner "${this.runnerName}" still loads its model in this thread (await its init first)`);
    const result = invoke(this.#runnable, method, args, new LocalCallContext(options, this.#deadline(options)));
    if (!isPromise(result)) return ownResult(result);
    result.then(undefined, () => undefined);
    throw notSynchronous(`Method "${method.name}" of runner "${this.runnerName}" returned a promise`);
  }

  streamMethod(method: MethodSpec, params: Params, options: CallOptions): AsyncGenerator<unknown, void, undefined> {
    const copies = copiedArguments(params);
    // Told with the first `next()`, which may never come.
    if (isPromise(copies)) copies.catch(() => undefined);
    let unwatch: (() => void) | undefined;
    const stream = new LocalStream({
      clock: this.clock,
      methodName: method.name,
      begin: async (controller) => {
        this.#checkOpen();
        options.signal?.throwIfAborted();
        this.#streams.add(stream);
        unwatch = this.#watch.watch(options, (error) => stream.stop(error), this.clock.now());
        const runnable = this.#runnable ?? (await this.#started());
        return invoke(runnable, method, await copies, new LocalCallContext(options, this.#deadline(options), controller));
      },
      onEnded: () => {
        unwatch?.();
        this.#streams.delete(stream);
      },
    });
    return stream.items;
  }

  isReady(): Promise<boolean> {
    return Promise.resolve(!this.#closed && this.#runnable !== undefined);
  }

  async close(graceMs: number): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#drain(graceMs);
    for (const stream of this.#streams) {
      stream.stop(new ServiceUnavailableError(`Runner "${this.runnerName}" was destroyed, and the stream did not end within its graceMs.`));
    }
    await this.#runnable?.teardown?.();
  }

  stats(): HandleStats {
    return { queuedCalls: 0, queuedItems: 0, workers: { alive: 1, idle: this.#inFlight.size === 0 ? 1 : 0, size: 1, restarts: 0 } };
  }

  #checkOpen(): void {
    if (this.#closed) throw new StateError(`Runner "${this.runnerName}" is being destroyed and takes no more calls.`);
  }

  async #started(): Promise<RunnableInstance> {
    const runnable = await this.#starting;
    if (runnable === undefined) throw new StateError(`Runner "${this.runnerName}" was not started.`);
    return runnable;
  }

  #argumentsOf(method: MethodSpec, params: Params, options: CallOptions): readonly unknown[] | Promise<readonly unknown[]> {
    this.#checkOpen();
    options.signal?.throwIfAborted();
    if (method.batchable) checkBatchSizes(params, method.batchDim[0]);
    return copiedArguments(params);
  }

  /** Arguments that take their time: the caller may have left meanwhile, and the handle be closed. */
  async #whenReady(copies: Promise<readonly unknown[]>, { signal }: CallOptions): Promise<readonly unknown[]> {
    const ready = await copies;
    this.#checkOpen();
    signal?.throwIfAborted();
    return ready;
  }

  /** When the caller gives up, ms since 1970. */
  #deadline({ timeoutMs }: CallOptions): number | undefined {
    return timeoutMs === undefined ? undefined : this.clock.wallTime() + timeoutMs;
  }

  /** Until all that was begun has ended, at most for `graceMs`. */
  async #drain(graceMs: number): Promise<void> {
    const running = [...this.#inFlight, ...[...this.#streams].map(({ ended }) => ended ?? Promise.resolve())];
    if (running.length === 0) return;
    let cancel: CancelTimer = () => undefined;
    const late = new Promise<void>((resolve) => (cancel = this.clock.at(this.clock.now() + graceMs, resolve)));
    await Promise.race([Promise.allSettled(running), late]);
    cancel();
  }

  #call(runnable: RunnableInstance, method: MethodSpec, args: readonly unknown[], options: CallOptions): Promise<unknown> {
    const { signal, giveUpBy, timeoutMs } = options;
    if (signal === undefined && giveUpBy === undefined && timeoutMs === undefined) {
      return Promise.resolve(invoke(runnable, method, args, new LocalCallContext(options, undefined)));
    }
    return new Promise((resolve, reject) => {
      const controller = new AbortController();
      const stop = (error: unknown): void => {
        controller.abort(error);
        reject(error instanceof Error ? error : (error as Error));
      };
      const unwatch = this.#watch.watch(options, stop, this.clock.now());
      const context = new LocalCallContext(options, this.#deadline(options), controller);
      Promise.resolve()
        .then(() => invoke(runnable, method, args, context))
        .then(resolve, reject)
        .finally(() => unwatch?.());
    });
  }
}

function invoke(runnable: RunnableInstance, method: MethodSpec, args: readonly unknown[], context: LocalCallContext): unknown {
  return (runnable[method.name] as (...args: readonly unknown[]) => unknown).call(runnable, ...args, context);
}

function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise || (typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function");
}
