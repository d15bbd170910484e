import { RunnableNotReachableError, StateError } from "../errors/index.js";
import { systemClock } from "../clock/index.js";
import { Params } from "../containers/index.js";
import {
  DummyRunnerHandle,
  LocalRunnerRef,
  WorkerPoolHandle,
  type CallOptions,
  type LocalSource,
  type HandleStats,
  type MethodSpec,
  type RunnerHandle,
} from "../handles/index.js";
import type { StoredModel } from "../models/index.js";
import { isInsideWorker, threadLink } from "../workers/index.js";
import { AbstractRunner } from "./abstract-runner.js";
import { methodSpecs } from "./method-specs.js";
import { isRunnableReference, type RunnableClass, type RunnableReference } from "./runnable.js";
import { makeRunnerMethod, type RunnerMethod } from "./runner-method.js";
import { runnerName } from "./runner-name.js";
import { DEFAULT_EXIT_WAIT_MS, DEFAULT_GRACE_MS, DEFAULT_MAX_QUEUE_SIZE, type RunnerOptions } from "./runner-options.js";
import type { DefaultMethod, MethodsOf } from "./runner-types.js";
import { planWorkers } from "./worker-plan.js";

/** A handle that is made at once and gets ready later; calls made meanwhile wait in it. */
type StartingHandle = RunnerHandle & { start(): Promise<void> };

class BaseRunner extends AbstractRunner {
  readonly name: string;
  readonly models: readonly StoredModel[];
  readonly embedded: boolean;
  readonly methods: Readonly<Record<string, RunnerMethod>>;
  /** The default method: the only one, or the one called `__call__` or `run`. */
  readonly run: RunnerMethod | undefined;
  readonly #source: RunnableClass | RunnableReference;
  readonly #specs: readonly MethodSpec[];
  readonly #options: RunnerOptions;
  #handle: RunnerHandle;
  #kind: "none" | "workers" | "local" | "client" = "none";
  #starting: Promise<unknown> | undefined;
  #destroying: Promise<void> | undefined;
  #destroyed = false;

  constructor(source: RunnableClass | RunnableReference, options: RunnerOptions = {}) {
    super();
    this.#source = source;
    this.#options = options;
    this.name = runnerName(options.name, isRunnableReference(source) ? source.export : source.name);
    this.models = options.models ?? [];
    this.embedded = options.embedded ?? false;
    this.#specs = methodSpecs(source.methods, options, this.name);
    this.#handle = new DummyRunnerHandle(this.name);
    const call = (spec: MethodSpec, args: readonly unknown[], callOptions: CallOptions): Promise<unknown> => this.#call(spec, args, callOptions);
    const methods: Record<string, RunnerMethod> = {};
    for (const spec of this.#specs) methods[spec.name] = makeRunnerMethod(this, spec, source.methods[spec.name]?.doc, call);
    this.methods = methods;
    this.run = defaultMethod(methods);
    for (const [name, method] of Object.entries(methods)) {
      if (!(name in this)) Object.defineProperty(this, name, { value: method, enumerable: true });
    }
  }

  /** What the Runnable's `setup` told about itself, such as the threads that it chose. Empty until it is ready. */
  get facts(): Readonly<Record<string, unknown>> {
    return this.#handle.facts;
  }

  /**
   * Starts the workers and loads the model in each. Idempotent; the first call of a method does it by itself.
   *
   * @throws StateError when another kind of handle is installed, or code of a worker calls it.
   * @throws RunnableNotReachableError when the class names no module that workers could import.
   */
  init(): Promise<this> {
    return this.embedded ? this.initLocal({ quiet: true }) : this.#install("workers", () => this.#workerPool());
  }

  /** Runs the model in this thread, without batching: for debugging and tests, which is why it warns unless `quiet`. */
  override initLocal({ quiet = false }: { readonly quiet?: boolean } = {}): Promise<this> {
    if (!quiet) {
      process.emitWarning(`Runner "${this.name}": initLocal() is for debugging and testing; use init() in production.`, {
        type: "BentoMLWarning",
        code: "BENTOML_INIT_LOCAL",
      });
    }
    return this.#install("local", () => new LocalRunnerRef(this.name, this.#loader(), systemClock));
  }

  /** Sends the calls to a handle of the user's own. */
  async initClient(handle: RunnerHandle): Promise<this> {
    await this.#install("client", () => Object.assign(handle, { start: () => Promise.resolve() }));
    return this;
  }

  /** True when a call would be run now. Starts nothing. */
  async runnerHandleIsReady(timeoutMs = 1_000): Promise<boolean> {
    const starting = this.#starting;
    if (starting !== undefined) await withTimeout(starting, timeoutMs);
    return this.#handle.isReady(timeoutMs);
  }

  stats(): HandleStats {
    return this.#handle.stats();
  }

  /** Finishes accepted calls, then lets the model and the workers go. Calls throw from now on, until an explicit `init`. */
  override destroy(): Promise<void> {
    this.#destroying ??= this.#destroy();
    return this.#destroying;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }

  async #destroy(): Promise<void> {
    this.#destroyed = true;
    const handle = this.#handle;
    try {
      await this.#starting?.catch(() => undefined);
      await handle.close(this.#options.graceMs ?? DEFAULT_GRACE_MS);
    } finally {
      this.#reset();
      this.#destroying = undefined;
    }
  }

  #call(spec: MethodSpec, args: readonly unknown[], options: CallOptions): Promise<unknown> {
    try {
      if (this.#destroying !== undefined) throw new StateError(`Runner "${this.name}" is being destroyed and takes no more calls.`);
      if (this.#kind === "none" && !this.#destroyed && this.#options.autoInit !== false) {
        const starting = this.init();
        // What cannot even begin is this call's error; what fails later rejects every call that waits in the handle.
        if (this.#handle instanceof DummyRunnerHandle) return starting;
        starting.catch(() => undefined);
      }
      const given = args.length === 1 && args[0] instanceof Params ? args[0] : new Params(args, {});
      const params = this.#options.prepare === undefined ? given : this.#options.prepare(given, spec.name);
      return this.#handle.runMethod(spec, params, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #install(kind: "workers" | "local" | "client", make: () => StartingHandle): Promise<this> {
    if (this.#kind !== "none") {
      if (this.#kind === kind && kind !== "client" && this.#destroying === undefined) return (this.#starting ?? Promise.resolve()).then(() => this);
      return Promise.reject(new StateError(`Runner "${this.name}" is already initialised (${this.#kind}); await destroy() before another init.`));
    }
    let handle: StartingHandle;
    try {
      handle = make();
    } catch (error) {
      return Promise.reject(error);
    }
    this.#handle = handle;
    this.#kind = kind;
    this.#destroyed = false;
    const starting = handle.start().then(
      () => {
        this.#starting = undefined;
        return this;
      },
      (error: unknown) => {
        this.#reset();
        throw error;
      },
    );
    this.#starting = starting;
    return starting;
  }

  #reset(): void {
    this.#handle = new DummyRunnerHandle(this.name);
    this.#kind = "none";
    this.#starting = undefined;
  }

  #workerPool(): StartingHandle {
    if (isInsideWorker()) {
      throw new StateError(`Runner "${this.name}" cannot start workers inside a worker. A module with a Runnable must not start runners or servers when it is imported.`, {
        code: "NESTED_RUNNER",
      });
    }
    const source = this.#source;
    const runnable = this.#reference();
    const plan = planWorkers(this.#options.workers, source.supportsCpuMultiThreading ?? false);
    const spin = this.#options.spin ?? plan.spareCore;
    const maxBatchSize = Math.max(...this.#specs.map((spec) => spec.maxBatchSize));
    const methods = Object.fromEntries(this.#specs.map((spec) => [spec.name, { outputBatchDim: spec.batchDim[1] }]));
    return new WorkerPoolHandle({
      runnerName: this.name,
      methods: this.#specs,
      workers: plan.workers,
      maxQueueSize: this.#options.maxQueueSize ?? DEFAULT_MAX_QUEUE_SIZE,
      spin,
      clock: systemClock,
      makeLink: (workerIndex, events) =>
        threadLink(
          { runner: this.name, runnable, methods, spin, setup: { workerIndex, workerCount: plan.workers, threads: plan.threads, maxBatchSize } },
          this.#options.exitWaitMs ?? DEFAULT_EXIT_WAIT_MS,
          events,
        ),
    });
  }

  /** How a worker finds the class. */
  #reference(): { module: string; export: string; params: unknown } {
    const source = this.#source;
    if (isRunnableReference(source)) return { module: source.module, export: source.export, params: source.params };
    if (source.module === undefined) {
      throw new RunnableNotReachableError(
        `Workers cannot find the class ${source.name}: add "static override readonly module = import.meta.url" to it and export it under that name, or use initLocal() to run it in this thread.`,
      );
    }
    return { module: source.module, export: source.name, params: this.#options.runnableInitParams };
  }

  /** What the local handle makes its Runnable from. */
  #loader(): LocalSource {
    const source = this.#source;
    const plan = planWorkers(1, true);
    const setup = { workerIndex: 0, workerCount: 1, threads: plan.threads, maxBatchSize: Math.max(...this.#specs.map((spec) => spec.maxBatchSize)) };
    if (isRunnableReference(source)) return { reference: source, setup };
    const runnableClass = source as unknown as new (params: unknown) => Record<string, unknown>;
    return { make: () => new runnableClass(this.#options.runnableInitParams), setup };
  }
}

function defaultMethod(methods: Readonly<Record<string, RunnerMethod>>): RunnerMethod | undefined {
  const all = Object.values(methods);
  return methods["__call__"] ?? (all.length === 1 ? all[0] : methods["run"]);
}

async function withTimeout(promise: Promise<unknown>, ms: number): Promise<void> {
  let cancel: () => void = () => undefined;
  const late = new Promise<void>((resolve) => {
    cancel = systemClock.at(systemClock.now() + ms, resolve, true);
  });
  await Promise.race([promise.catch(() => undefined), late]);
  cancel();
}

/** A runner whose methods are known: each is a member, and in `methods`; `run` is the default one. */
export type TypedRunner<Methods> = Omit<BaseRunner, "run" | "methods" | "init" | "initLocal" | "initClient"> & {
  readonly methods: Methods;
  readonly run: DefaultMethod<Methods>;
  init(): Promise<TypedRunner<Methods>>;
  initLocal(options?: { readonly quiet?: boolean }): Promise<TypedRunner<Methods>>;
  initClient(handle: RunnerHandle): Promise<TypedRunner<Methods>>;
} & Omit<Methods, keyof BaseRunner> &
  AsyncDisposable;

/** The runner of a Runnable class, with the class's methods. */
export type Runner<Class extends RunnableClass = RunnableClass> = TypedRunner<MethodsOf<Class>>;

/** A runner whose methods are known only at run time. */
export type AnyRunner = BaseRunner;

export interface RunnerConstructor {
  new <Class extends RunnableClass>(runnableClass: Class, options?: RunnerOptions): Runner<Class>;
  new (reference: RunnableReference, options?: RunnerOptions): AnyRunner;
}

/**
 * Runs the methods of a Runnable, for many callers at once: in worker threads with adaptive batching (`init`, done by the
 * first call), or in this thread (`initLocal`).
 */
export const Runner: RunnerConstructor = BaseRunner as unknown as RunnerConstructor;
