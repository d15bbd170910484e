import { InvalidArgumentError } from "../errors/index.js";
import { systemClock } from "../clock/index.js";
import { Configuration } from "../configuration/index.js";
import type { HandleStats, RunnerHandle } from "../handles/index.js";
import { RemoteRunnerClient, type RemoteRunnerOptions } from "../remote/index.js";
import { AbstractRunner, type RunnerHandleClass } from "./abstract-runner.js";
import { HandleSlot, type HandleKind, type StartingHandle } from "./handle-slot.js";
import { methodSpecs } from "./method-specs.js";
import { checkOptionNames, runnerOptionNames } from "./option-names.js";
import { isRunnableReference, type RunnableClass, type RunnableReference } from "./runnable.js";
import { localHandle, workerPoolHandle, type RunnableParts } from "./runnable-handles.js";
import { RunnerCalls } from "./runner-calls.js";
import { makeRunnerMethod, type AnyRunnerMethod } from "./runner-method.js";
import { runnerName, warnOfReservedName } from "./runner-name.js";
import { checkNumber, checkRunnerOptions, DEFAULT_GRACE_MS, type RunnerOptions } from "./runner-options.js";
import type { DefaultMethod, MethodsOf } from "./runner-types.js";
import { RunnerScheduling } from "./runner-scheduling.js";

class BaseRunner extends AbstractRunner {
  readonly methods: Readonly<Record<string, AnyRunnerMethod>>;
  /** The default method: the only one, or the one called `__call__` or `run`. Undefined when there are several and none is called so. */
  readonly run: AnyRunnerMethod | undefined;
  readonly #parts: RunnableParts;
  readonly #options: RunnerOptions;
  readonly #scheduling: RunnerScheduling;
  readonly #probeTimeoutMs: number;
  readonly #remoteDefaults: Omit<RemoteRunnerOptions, "url">;
  readonly #slot: HandleSlot;

  constructor(source: RunnableClass | RunnableReference, options: RunnerOptions = {}) {
    checkOptionNames(options, runnerOptionNames, "A runner");
    checkRunnerOptions(options);
    const className = isRunnableReference(source) ? source.export : source.name;
    checkNumber("workerNiceness", source.workerNiceness, ` of the Runnable ${className}`);
    const name = runnerName(options.name, className);
    const configuration = options.configuration ?? Configuration.current();
    const settings = configuration.runner(name);
    warnOfReservedName(name);
    super({
      name,
      models: options.models ?? [],
      resourceConfig: options.resources ?? settings.resources,
      runnableClass: source,
      embedded: options.embedded ?? false,
    });
    const { batching } = settings;
    const latencyIsConfigured = settings.origin("batching", "max_latency_ms") !== undefined;
    const specs = methodSpecs(source.methods, { runner: name, options, batching, latencyIsConfigured });
    this.#options = options;
    this.#parts = { runnerName: name, source, specs, options, batching };
    this.#scheduling = new RunnerScheduling(name, source, this.resourceConfig, options, settings);
    this.#probeTimeoutMs = configuration.apiServer.runnerProbe.timeoutMs;
    this.#remoteDefaults = { timeoutMs: settings.timeoutMs, maxConnections: configuration.apiServer.maxRunnerConnections };
    this.#slot = new HandleSlot(name, systemClock);
    const autoInit = options.autoInit ?? true;
    const calls = new RunnerCalls({ runnerName: name, slot: this.#slot, autoInit, init: () => this.init(), prepare: options.prepare });
    const methods: Record<string, AnyRunnerMethod> = {};
    for (const spec of specs) methods[spec.name] = makeRunnerMethod(this, spec, source.methods[spec.name]?.doc, calls);
    this.methods = Object.freeze(methods);
    this.run = defaultMethod(methods);
    for (const [methodName, method] of Object.entries(methods)) {
      if (!(methodName in this)) Object.defineProperty(this, methodName, { value: method, enumerable: true });
    }
    // A class of the user's own that extends this one may still have members to set.
    if (new.target === BaseRunner) Object.freeze(this);
  }

  /** What the Runnable's `setup` told about itself, such as the threads that it chose. Empty until it is ready. */
  get facts(): Readonly<Record<string, unknown>> {
    return this.#slot.handle.facts;
  }

  /**
   * How many workers `init` starts: the option `workers`, else what the strategy says of the resources.
   *
   * @throws InvalidArgumentError for resources that cannot be read, that this machine lacks, or that the Runnable cannot use.
   */
  get scheduledWorkerCount(): number {
    return this.#scheduling.workerCount;
  }

  /** Environment variables that tell each worker its share, by its index. They are for processes: threads have no environment of their own. */
  get scheduledWorkerEnvMap(): Readonly<Record<number, Readonly<Record<string, string>>>> {
    return this.#scheduling.workerEnvironments();
  }

  /** Workers for one unit of its resource: from the option of that name, else the configuration, else 1. */
  get workersPerResource(): number {
    return this.#scheduling.workersPerResource;
  }

  /**
   * Starts the workers and loads the model in each. Idempotent; the first call of a method does it by itself.
   *
   * @throws StateError when another kind of handle is installed, or code of a worker calls it.
   * @throws RunnableNotReachableError when the class names no module that workers could import.
   */
  init(): Promise<this> {
    return this.embedded ? this.initLocal({ quiet: true }) : this.#install("workers", () => workerPoolHandle(this.#parts, this.#scheduling));
  }

  /** Runs the model in this thread, without batching: for debugging and tests, which is why it warns unless `quiet`. */
  override initLocal({ quiet = false }: { readonly quiet?: boolean } = {}): Promise<this> {
    if (!quiet) {
      process.emitWarning(`Runner "${this.name}": initLocal() is for debugging and testing; use init() in production.`, {
        type: "BentoMLWarning",
        code: "BENTOML_INIT_LOCAL",
      });
    }
    return this.#install("local", () => localHandle(this.#parts, this.#scheduling.threadsOfOne()));
  }

  /**
   * Sends the calls to a runner server, which need not be there yet (`await runner.initClient({ url: "http://host:3000" })`), or to a
   * handle of the user's own, whose `start()`, if it has one, is awaited.
   */
  override initClient(target: RemoteRunnerOptions | StartingHandle): Promise<this>;
  /** Makes the handle of a class: `new HandleClass(runner, ...args)`. */
  override initClient<Args extends readonly unknown[]>(handleClass: RunnerHandleClass<Args>, ...args: Args): Promise<this>;
  override initClient(given: RemoteRunnerOptions | StartingHandle | RunnerHandleClass<readonly unknown[]>, ...args: readonly unknown[]): Promise<this> {
    if (typeof given === "function") return this.#install("client", () => new given(this, ...args));
    if (isHandle(given)) return this.#install("client", () => given, given);
    if (isRemote(given)) return this.#install("client", () => new RemoteRunnerClient(this, { ...this.#remoteDefaults, ...given }));
    return Promise.reject(
      new InvalidArgumentError(
        `Runner "${this.name}": initClient() takes { url } of a runner server, a handle, or the class of one and its arguments; got ${String(given)}.`,
      ),
    );
  }

  /** True when a call would be run now. Starts nothing. Default time: `api_server.runner_probe.timeout` of the configuration, 1,000 ms. */
  override runnerHandleIsReady(timeoutMs: number = this.#probeTimeoutMs): Promise<boolean> {
    return this.#slot.isReady(timeoutMs);
  }

  stats(): HandleStats {
    return this.#slot.handle.stats();
  }

  /** Finishes accepted calls, then lets the model and the workers go. Calls throw from now on, until an explicit `init`. */
  override destroy(): Promise<void> {
    return this.#slot.destroy(this.#options.graceMs ?? DEFAULT_GRACE_MS);
  }

  async #install(kind: HandleKind, make: () => StartingHandle, given?: RunnerHandle): Promise<this> {
    await this.#slot.install(kind, make, given);
    return this;
  }
}

function isHandle(given: unknown): given is StartingHandle {
  return typeof given === "object" && given !== null && "runMethod" in given;
}

function isRemote(given: unknown): given is RemoteRunnerOptions {
  return typeof given === "object" && given !== null && "url" in given;
}

function defaultMethod(methods: Readonly<Record<string, AnyRunnerMethod>>): AnyRunnerMethod | undefined {
  const all = Object.values(methods);
  return methods["__call__"] ?? (all.length === 1 ? all[0] : methods["run"]);
}

/** A runner whose methods are known: each is a member, and in `methods`; `run` is the default one. */
export type TypedRunner<Methods> = Omit<BaseRunner, "run" | "methods" | "init" | "initLocal" | "initClient"> & {
  readonly methods: Methods;
  readonly run: DefaultMethod<Methods>;
  init(): Promise<TypedRunner<Methods>>;
  initLocal(options?: { readonly quiet?: boolean }): Promise<TypedRunner<Methods>>;
  initClient(target: RemoteRunnerOptions | StartingHandle): Promise<TypedRunner<Methods>>;
  initClient<Args extends readonly unknown[]>(handleClass: RunnerHandleClass<Args>, ...args: Args): Promise<TypedRunner<Methods>>;
} & Omit<Methods, keyof BaseRunner> &
  AsyncDisposable;

/** The runner of a Runnable class, with the class's methods. */
export type Runner<Class extends RunnableClass = RunnableClass> = TypedRunner<MethodsOf<Class>>;

/** A runner whose methods are known only at run time. */
export type AnyRunner = BaseRunner;

/** `new Runner(…)`. */
export interface RunnerConstructor {
  /** A runner of a class, or of a Runnable that is told by reference. */
  new <Class extends RunnableClass>(runnableClass: Class, options?: RunnerOptions): Runner<Class>;
  /** A runner of a class, or of a Runnable that is told by reference. */
  new (reference: RunnableReference, options?: RunnerOptions): AnyRunner;
}

/**
 * Runs the methods of a Runnable, for many callers at once: in worker threads with adaptive batching (`init`, done by the
 * first call), or in this thread (`initLocal`).
 */
export const Runner: RunnerConstructor = BaseRunner as unknown as RunnerConstructor;
