import { ServiceUnavailableError, StateError, WorkerCrashedError } from "../errors/index.js";
import type { Clock } from "../clock/index.js";
import { Call, type Outcome } from "../calls/index.js";
import { Batcher } from "../batching/index.js";
import { defaultRegistry, type Params, type Payload } from "../containers/index.js";
import { Stager, WorkerPool, fromErrorData, type Job, type MakeLink, type StagedArguments } from "../workers/index.js";
import { batchMessage } from "./batch-message.js";
import { CallWatch } from "./call-watch.js";
import type { MethodSpec } from "./method-spec.js";
import { cutIntoParts, joinAnswers, type CallPart } from "./oversize-call.js";
import type { PoolBatch, PoolCall, StagedPart } from "./pool-call.js";
import { batchChannel, shedChannel, workerChannel } from "./runner-channels.js";
import type { CallOptions, HandleStats, RunnerHandle } from "./runner-handle.js";
import { splitResult } from "./split-result.js";

export interface WorkerPoolHandleOptions {
  readonly runnerName: string;
  readonly methods: readonly MethodSpec[];
  readonly workers: number;
  readonly maxQueueSize: number;
  readonly makeLink: MakeLink;
  readonly clock: Clock;
}

/**
 * Calls to worker threads through the adaptive batcher: stage → (batch) → worker → split. This file puts the parts together;
 * the policy is in `batching`, life and death of workers in `workers/pool`, memory in `workers/staging`.
 */
export class WorkerPoolHandle implements RunnerHandle {
  readonly #options: WorkerPoolHandleOptions;
  readonly #pool: WorkerPool;
  readonly #batcher: Batcher<StagedPart, unknown>;
  readonly #stagers = new Map<string, Stager>();
  readonly #jobs = new Map<PoolBatch, Job>();
  readonly #watch: CallWatch;
  #unsettled = 0;
  #closing: Promise<void> | undefined;
  #onSettledAll: (() => void) | undefined;

  constructor(options: WorkerPoolHandleOptions) {
    this.#options = options;
    const { runnerName: runner, clock } = options;
    this.#watch = new CallWatch(`Runner "${runner}"`, clock);
    this.#pool = new WorkerPool({
      size: options.workers,
      clock,
      makeLink: options.makeLink,
      onChange: () => this.#workersChanged(),
      onWorkerEvent: (workerIndex, event, reason) => workerChannel.publish({ runner, workerIndex, event, reason }),
    });
    const pool = this.#pool;
    this.#batcher = new Batcher({
      name: runner,
      clock,
      maxQueueSize: options.maxQueueSize,
      target: {
        get workers() {
          return pool.alive;
        },
        get idleWorkers() {
          return pool.idle;
        },
        start: (batch) => this.#start(batch),
      },
      onShed: (method, reason, items) => shedChannel.publish({ runner, method, reason, items }),
    });
    for (const method of options.methods) {
      const rule = { batchable: method.batchable, batchDim: method.batchDim[0] };
      this.#stagers.set(method.name, new Stager(rule, method.maxBatchSize, ({ id }) => this.#pool.dropBlock(id)));
    }
  }

  get facts(): Readonly<Record<string, unknown>> {
    return this.#pool.facts;
  }

  /** Starts the workers. After a failure nothing is left running. */
  async start(): Promise<void> {
    try {
      await this.#pool.start();
    } catch (error) {
      this.#batcher.refuseAll("failed", () => error as Error);
      await this.close(0);
      throw error;
    }
  }

  runMethod(method: MethodSpec, params: Params, options: CallOptions): Promise<unknown> {
    try {
      this.#checkOpen();
      options.signal?.throwIfAborted();
      const staged = (this.#stagers.get(method.name) as Stager).stage(params);
      if (staged instanceof Promise) return staged.then((ready) => this.#runStaged(method, ready, options));
      return this.#runStaged(method, staged, options);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : (error as Error));
    }
  }

  isReady(): Promise<boolean> {
    return Promise.resolve(this.#closing === undefined && this.#pool.failure === undefined && this.#pool.alive > 0);
  }

  stats(): HandleStats {
    const { queuedCalls, queuedItems } = this.#batcher;
    const { alive, idle, size, restarts } = this.#pool;
    return { queuedCalls, queuedItems, workers: { alive, idle, size, restarts } };
  }

  close(graceMs: number): Promise<void> {
    this.#closing ??= this.#drain(graceMs);
    return this.#closing;
  }

  async #drain(graceMs: number): Promise<void> {
    const { clock, runnerName } = this.#options;
    const end = clock.now() + graceMs;
    if (this.#unsettled > 0) {
      await new Promise<void>((resolve) => {
        const cancel = clock.at(end, resolve);
        this.#onSettledAll = () => {
          cancel();
          resolve();
        };
      });
    }
    this.#batcher.refuseAll("closing", () => new ServiceUnavailableError(`Runner "${runnerName}" was destroyed before the call was run.`));
    await this.#pool.close(Math.max(end - clock.now(), 0));
  }

  #checkOpen(): void {
    const { runnerName } = this.#options;
    if (this.#closing !== undefined) throw new StateError(`Runner "${runnerName}" is being destroyed and takes no more calls.`);
    if (this.#pool.failure !== undefined) throw this.#brokenError();
  }

  #brokenError(): ServiceUnavailableError {
    const { runnerName } = this.#options;
    return new ServiceUnavailableError(`Runner "${runnerName}" has no working worker: they keep dying, the last one since ${String(this.#pool.failure)}.`, {
      code: "WORKERS_FAILED",
      retryAfterMs: 10_000,
    });
  }

  #workersChanged(): void {
    if (this.#pool.failure !== undefined) this.#batcher.refuseAll("failed", () => this.#brokenError());
    this.#batcher.kick();
  }

  #runStaged(method: MethodSpec, staged: StagedArguments, options: CallOptions): Promise<unknown> {
    if (!method.batchable || staged.items <= method.maxBatchSize) {
      const whole: CallPart = { firstRow: staged.firstRow, rows: staged.items, payloads: staged.payloads };
      return this.#runPart(method, staged, whole, options, () => (this.#stagers.get(method.name) as Stager).release(staged));
    }
    return this.#runOversize(method, staged, options);
  }

  async #runOversize(method: MethodSpec, staged: StagedArguments, options: CallOptions): Promise<unknown> {
    const giveUp = new AbortController();
    const signal = options.signal === undefined ? giveUp.signal : AbortSignal.any([options.signal, giveUp.signal]);
    let left = 0;
    const settled = (): void => {
      if (--left === 0) (this.#stagers.get(method.name) as Stager).release(staged);
    };
    const parts = await cutIntoParts(staged, method.maxBatchSize);
    left = parts.length;
    try {
      const answers = await Promise.all(parts.map((part) => this.#runPart(method, staged, part, { ...options, shareResults: false, signal }, settled)));
      return joinAnswers(answers, method.batchDim[1]);
    } catch (error) {
      giveUp.abort(error);
      throw error;
    }
  }

  #runPart(method: MethodSpec, staged: StagedArguments, part: CallPart, options: CallOptions, onSettled: () => void): Promise<unknown> {
    const { clock } = this.#options;
    return new Promise((resolve, reject) => {
      const now = clock.now();
      const { timeoutMs } = options;
      let unwatch: (() => void) | undefined;
      this.#unsettled++;
      const call: PoolCall = new Call({
        input: {
          method,
          staged,
          ...part,
          share: options.shareResults === true,
          deadline: timeoutMs === undefined ? undefined : clock.wallTime() + timeoutMs,
        },
        items: Math.max(part.rows, 1),
        acceptedAt: now,
        startBy: now + Math.min(method.maxLatencyMs, timeoutMs ?? Infinity),
        requestId: options.requestId,
        onSettled: (outcome) => {
          unwatch?.();
          onSettled();
          if (outcome.kind === "answered") resolve(outcome.result);
          else reject(reasonOf(outcome));
          if (--this.#unsettled === 0) this.#onSettledAll?.();
        },
      });
      const key = this.#batcher.key(staged.key, method.name, method.maxBatchSize);
      unwatch = this.#watch.watch(options, {
        onAbort: (reason) => this.#giveUp(call, { kind: "aborted", reason }),
        onDeadline: (error) => this.#giveUp(call, { kind: "failed", error }),
      });
      this.#batcher.accept(call, key);
    });
  }

  /** The caller is gone. A waiting call leaves the queue; a running batch goes on unless all its callers are gone. */
  #giveUp(call: PoolCall, outcome: Outcome<unknown>): void {
    const wasQueued = call.state === "queued";
    call.settle(outcome);
    if (wasQueued) {
      this.#batcher.withdraw(call, this.#batcher.key(call.input.staged.key, call.input.method.name, call.input.method.maxBatchSize));
      return;
    }
    for (const [batch, job] of this.#jobs) {
      if (batch.calls.includes(call) && batch.calls.every((other) => other.settled)) this.#pool.abort(job);
    }
  }

  #start(batch: PoolBatch): void {
    let workerIndex = 0;
    const ended = (answered: number, outcome: "ok" | "failed" | "crashed"): void => {
      this.#jobs.delete(batch);
      this.#publish(batch, workerIndex, outcome);
      this.#batcher.finished(batch, answered, outcome === "ok");
    };
    const job: Job = {
      ...batchMessage(batch),
      done: (result) => this.#answer(batch, result, (answered) => ended(answered, "ok")),
      failed: (error) => {
        ended(0, "failed");
        this.#afterFailure(batch, fromErrorData(error));
      },
      crashed: (reason) => {
        ended(0, "crashed");
        this.#afterCrash(batch, reason);
      },
    };
    this.#jobs.set(batch, job);
    workerIndex = this.#pool.run(job);
  }

  #answer(batch: PoolBatch, result: Payload, ended: (answered: number) => void): void {
    const { method } = (batch.calls[0] as PoolCall).input;
    const give = (results: readonly unknown[]): void => {
      let answered = 0;
      batch.calls.forEach((call, index) => {
        if (!call.settled) answered++;
        call.settle({ kind: "answered", result: results[index] });
      });
      ended(answered);
    };
    const fail = (error: unknown): void => {
      for (const call of batch.calls) call.settle({ kind: "failed", error });
      ended(0);
    };
    try {
      const results = method.batchable
        ? splitResult(result, batch.calls.map(({ input }) => ({ rows: input.rows, share: input.share })), method.batchDim[1], method.name)
        : wholeResult(result);
      if (results instanceof Promise) results.then(give, fail);
      else give(results);
    } catch (error) {
      fail(error);
    }
  }

  /** A batch that failed is run again one call at a time, so that a bad one fails alone. */
  #afterFailure(batch: PoolBatch, error: Error): void {
    if (batch.calls.length > 1) this.#batcher.retryAlone(batch.calls, batch.key);
    else (batch.calls[0] as PoolCall).settle({ kind: "failed", error });
  }

  #afterCrash(batch: PoolBatch, reason: string): void {
    const retried: PoolCall[] = [];
    for (const call of batch.calls) {
      call.crashes++;
      if (call.crashes > 1 || !call.input.method.idempotent) call.settle({ kind: "failed", error: this.#crashError(call, reason) });
      else retried.push(call);
    }
    this.#batcher.retryAlone(retried, batch.key);
  }

  #crashError(call: PoolCall, reason: string): WorkerCrashedError {
    const { runnerName } = this.#options;
    const times = call.crashes > 1 ? "two workers that ran this call died" : "the worker that ran this call died, and the method is not idempotent";
    return new WorkerCrashedError(`Runner "${runnerName}": ${times}; it is not run again. Last reason: ${reason}.`);
  }

  #publish(batch: PoolBatch, workerIndex: number, outcome: "ok" | "failed" | "crashed"): void {
    if (!batchChannel.hasSubscribers) return;
    batchChannel.publish({
      runner: this.#options.runnerName,
      method: batch.key.method,
      workerIndex,
      requests: batch.calls.length,
      items: batch.items,
      queueWaitMs: batch.startedAt - (batch.calls[0] as PoolCall).acceptedAt,
      durationMs: this.#options.clock.now() - batch.startedAt,
      outcome,
    });
  }
}

function wholeResult(payload: Payload): readonly unknown[] | Promise<readonly unknown[]> {
  const value = defaultRegistry.findByName(payload.container).fromPayload(payload);
  return value instanceof Promise ? value.then((result) => [result]) : [value];
}

function reasonOf(outcome: Exclude<Outcome<unknown>, { kind: "answered" }>): Error {
  return (outcome.kind === "aborted" ? outcome.reason : outcome.error) as Error;
}
