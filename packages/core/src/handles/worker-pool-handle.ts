import { ServiceUnavailableError, StateError } from "../errors/index.js";
import type { Clock } from "../clock/index.js";
import { Batcher } from "../batching/index.js";
import type { Params } from "../containers/index.js";
import { Stager, WorkerPool, type MakeLink, type RecyclingLimits, type StagedArguments } from "../workers/index.js";
import { BatchRuns } from "./batch-runs.js";
import { runBlocking } from "./blocking-call.js";
import { CallDoor } from "./call-door.js";
import { MethodLanes } from "./method-lanes.js";
import type { MethodSpec } from "./method-spec.js";
import { runOversize } from "./oversize-call.js";
import { notSynchronous } from "./not-synchronous.js";
import type { StagedPart } from "./pool-call.js";
import { PoolStream } from "./pool-stream.js";
import { shedChannel, workerChannel } from "./runner-channels.js";
import type { CallOptions, HandleStats, RunnerHandle } from "./runner-handle.js";

export interface WorkerPoolHandleOptions {
  readonly runnerName: string;
  readonly methods: readonly MethodSpec[];
  readonly workers: number;
  readonly maxQueueSize: number;
  readonly maxQueueBytes?: number | undefined;
  readonly spin: boolean;
  readonly isolation: "thread" | "process";
  /** How long a run may take, ms; `Infinity` for as long as it likes. */
  readonly workerTimeoutMs: number;
  readonly recycling: RecyclingLimits;
  readonly makeLink: MakeLink;
  readonly clock: Clock;
}

/**
 * Calls to workers, threads or processes, through the adaptive batcher: stage → door → batcher → batch runs → pool. This file only puts the
 * parts together: the policy is in `batching`, life and death of workers in `workers/pool`, memory in `workers/staging`.
 */
export class WorkerPoolHandle implements RunnerHandle {
  readonly #options: WorkerPoolHandleOptions;
  readonly #stagers: ReadonlyMap<string, Stager>;
  readonly #pool: WorkerPool;
  readonly #batcher: Batcher<StagedPart, unknown>;
  readonly #lanes: MethodLanes;
  readonly #runs: BatchRuns;
  readonly #door: CallDoor;
  #closing: Promise<void> | undefined;

  constructor(options: WorkerPoolHandleOptions) {
    this.#options = options;
    const { runnerName: runner, runnerName, clock, methods, maxQueueSize, maxQueueBytes } = options;
    const pool = new WorkerPool({
      size: options.workers,
      clock,
      makeLink: options.makeLink,
      runLimitMs: options.workerTimeoutMs,
      recycling: options.recycling,
      onChange: () => this.#workersChanged(),
      onWorkerEvent: (workerIndex, event, reason) => workerChannel.publish({ runner, workerIndex, event, reason }),
    });
    const lanes = new MethodLanes(methods, pool);
    const runs = new BatchRuns({ runnerName, pool, lanes, clock, spin: options.spin, batcher: () => this.#batcher });
    this.#pool = pool;
    this.#lanes = lanes;
    this.#runs = runs;
    this.#batcher = new Batcher({
      name: runnerName,
      clock,
      maxQueueSize,
      maxQueueBytes,
      target: {
        get workers() {
          return pool.alive;
        },
        get idleWorkers() {
          return lanes.idle;
        },
        placesFor: (method) => lanes.placesFor(method),
        start: (batch) => runs.start(batch),
      },
      onShed: (method, reason, { items, bytes }) => shedChannel.publish({ runner, method, reason, items, bytes }),
    });
    this.#door = new CallDoor({ runnerName, clock, batcher: this.#batcher, onAbandoned: (call) => runs.abandoned(call) });
    this.#stagers = new Map(methods.map((method) => [method.name, stagerOf(method, pool)]));
  }

  get facts(): Readonly<Record<string, unknown>> {
    return this.#pool.facts;
  }

  /** Starts the workers. After a failure nothing is left running, and the calls that waited have its reason. */
  async start(): Promise<void> {
    try {
      await this.#pool.start();
    } catch (error) {
      await this.close(0);
      throw error;
    }
  }

  runMethod(method: MethodSpec, params: Params, options: CallOptions): Promise<unknown> {
    try {
      this.#checkOpen();
      options.signal?.throwIfAborted();
      const staged = this.#stage(method, params);
      return staged instanceof Promise ? staged.then((ready) => this.#runLater(method, ready, options)) : this.#runStaged(method, staged, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  streamMethod(method: MethodSpec, params: Params, options: CallOptions): AsyncGenerator<unknown, void, undefined> {
    const checkOpen = (): void => this.#checkOpen();
    return new PoolStream({ method, staged: this.#stage(method, params), options, door: this.#door, checkOpen }).items;
  }

  runMethodSync(method: MethodSpec, params: Params, options: CallOptions): unknown {
    this.#checkOpen();
    options.signal?.throwIfAborted();
    if (this.#options.isolation === "process") throw notSynchronous(`Runner "${this.#options.runnerName}" has its workers in processes, whose answers come as events`);
    const staged = this.#stage(method, params);
    const release = (ready: StagedArguments): void => (this.#stagers.get(method.name) as Stager).release(ready);
    if (staged instanceof Promise) {
      staged.then(release, () => undefined);
      throw notSynchronous(`An argument of "${method.name}" is of a container that works asynchronously`);
    }
    const { runnerName, clock } = this.#options;
    try {
      return runBlocking({ runnerName, method, staged, options, door: this.#door, pool: this.#pool, lane: this.#lanes.of(method.name), batcher: this.#batcher, clock });
    } finally {
      release(staged);
    }
  }

  isReady(): Promise<boolean> {
    return Promise.resolve(this.#closing === undefined && this.#pool.failure === undefined && this.#pool.alive > 0);
  }

  stats(): HandleStats {
    const { queuedCalls, queuedItems, queuedBytes } = this.#batcher;
    const { alive, idle, size, restarts } = this.#pool;
    return { queuedCalls, queuedItems, queuedBytes, workers: { alive, idle, size, restarts } };
  }

  close(graceMs: number): Promise<void> {
    this.#closing ??= this.#drain(graceMs);
    return this.#closing;
  }

  #stage(method: MethodSpec, params: Params): StagedArguments | Promise<StagedArguments> {
    return (this.#stagers.get(method.name) as Stager).stage(params);
  }

  /** The arguments took their time: the caller may have left meanwhile, and the handle be closed. */
  #runLater(method: MethodSpec, staged: StagedArguments, options: CallOptions): Promise<unknown> {
    try {
      this.#checkOpen();
      options.signal?.throwIfAborted();
    } catch (error) {
      (this.#stagers.get(method.name) as Stager).release(staged);
      throw error;
    }
    return this.#runStaged(method, staged, options);
  }

  #runStaged(method: MethodSpec, staged: StagedArguments, options: CallOptions): Promise<unknown> {
    const release = (): void => (this.#stagers.get(method.name) as Stager).release(staged);
    if (method.batchable && staged.items > method.maxBatchSize) return runOversize(this.#door, method, staged, options, release);
    const { firstRow, items: rows, payloads } = staged;
    return this.#door.enter(method, staged, { firstRow, rows, payloads }, options, release);
  }

  async #drain(graceMs: number): Promise<void> {
    const { clock, runnerName } = this.#options;
    const end = clock.now() + graceMs;
    await this.#door.empty(end);
    this.#batcher.refuseAll("closing", () => new ServiceUnavailableError(`Runner "${runnerName}" was destroyed before the call was run.`));
    this.#runs.cutOff(() => new ServiceUnavailableError(`Runner "${runnerName}" was destroyed, and the call did not end within its graceMs.`));
    await this.#pool.close(Math.max(end - clock.now(), 0));
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new StateError(`Runner "${this.#options.runnerName}" is being destroyed and takes no more calls.`);
    if (this.#pool.startError !== undefined) throw this.#pool.startError;
    if (this.#pool.failure !== undefined) throw this.#brokenError();
  }

  #workersChanged(): void {
    const { startError, failure } = this.#pool;
    if (startError !== undefined) this.#batcher.refuseAll("failed", () => startError);
    else if (failure !== undefined) this.#batcher.refuseAll("failed", () => this.#brokenError());
    this.#batcher.kick();
  }

  #brokenError(): ServiceUnavailableError {
    return new ServiceUnavailableError(
      `Runner "${this.#options.runnerName}" has no working worker; of the last one: ${String(this.#pool.failure)}.`,
      { code: "WORKERS_FAILED", retryAfterMs: 10_000 },
    );
  }
}

function stagerOf(method: MethodSpec, pool: WorkerPool): Stager {
  const rule = { batchable: method.batchable, batchDim: method.batchDim[0], inRows: !method.stream };
  return new Stager(rule, method.maxBatchSize, ({ id }) => pool.dropBlock(id));
}
