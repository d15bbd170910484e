import { WorkerCrashedError } from "../errors/index.js";
import type { Clock } from "../clock/index.js";
import { takeOut } from "../calls/index.js";
import type { Batcher } from "../batching/index.js";
import { defaultRegistry, type Payload } from "../containers/index.js";
import { fromErrorData, type Job, type StreamEvents, type WorkerPool } from "../workers/index.js";
import { batchMessage } from "./batch-message.js";
import type { MethodLanes } from "./method-lanes.js";
import { notSynchronous } from "./not-synchronous.js";
import type { PoolBatch, PoolCall, StagedPart } from "./pool-call.js";
import { ReplyPolling } from "./reply-polling.js";
import { batchChannel, type BatchEvent, type TracedCall } from "./runner-channels.js";
import { splitResult } from "./split-result.js";

export interface BatchRunsOptions {
  readonly runnerName: string;
  readonly pool: WorkerPool;
  readonly lanes: MethodLanes;
  readonly clock: Clock;
  /** Whether threads may stay awake for a short batch instead of sleeping. */
  readonly spin: boolean;
  /** The batcher that forms the batches; it is made after this. */
  readonly batcher: () => Batcher<StagedPart, unknown>;
}

/** Where a batch was, and when: ms of the clock. */
interface Passage {
  workerIndex: number;
  handedOverAt: number;
  /** Undefined until its worker has answered with a result. */
  answeredAt: number | undefined;
}

/** A batch in a worker. */
interface Run {
  readonly batch: PoolBatch;
  readonly job: Job;
}

/**
 * Batches that are in workers: what is sent, and what becomes of the calls when the batch was answered, has failed, or its
 * worker has died. Knows neither the queue nor when a batch starts.
 */
export class BatchRuns {
  readonly #options: BatchRunsOptions;
  readonly #runs: Run[] = [];
  readonly #polling: ReplyPolling | undefined;

  constructor(options: BatchRunsOptions) {
    this.#options = options;
    this.#polling = options.spin ? new ReplyPolling(options.clock, () => this.#runs.length > 0) : undefined;
  }

  start(batch: PoolBatch): void {
    const { clock } = this.#options;
    const passage: Passage = { workerIndex: 0, handedOverAt: batch.startedAt, answeredAt: undefined };
    for (const { input } of batch.calls) input.staged.loan?.hold();
    const ended = (answered: number, outcome: BatchEvent["outcome"]): void => {
      takeOut(this.#runs, run);
      // A worker that hangs may read its arguments yet, whenever it goes on.
      if (outcome !== "hung") for (const { input } of batch.calls) input.staged.loan?.letGo();
      this.#publish(batch, passage, outcome);
      this.#options.batcher().finished(batch, answered, outcome === "ok");
    };
    const job: Job = {
      ...batchMessage(batch, clock),
      lane: this.#options.lanes.of(batch.key.method),
      solitary: batch.calls.some(({ crashes }) => crashes > 0),
      requests: batch.calls.length,
      stream: streamEvents(batch, () => ended(0, "ok")),
      done: (result) => {
        passage.answeredAt = clock.now();
        answer(batch, result, (answered) => ended(answered, "ok"));
      },
      failed: (error) => {
        ended(0, "failed");
        this.#afterFailure(batch, fromErrorData(error));
      },
      crashed: (reason) => {
        ended(0, "crashed");
        this.#afterCrash(batch, reason);
      },
      hung: (reason) => {
        ended(0, "hung");
        for (const call of batch.calls) call.settle({ kind: "failed", error: this.#hungError(reason) });
      },
    };
    const run: Run = { batch, job };
    this.#runs.push(run);
    const { pool } = this.#options;
    passage.workerIndex = pool.run(job);
    passage.handedOverAt = clock.now();
    if (job.stream === undefined) this.#polling?.expect(batch.key.batchTime.at(batch.items));
    else {
      (batch.calls[0] as PoolCall).input.stream?.running({
        taken: (items, bytes) => pool.taken(job, items, bytes),
        awaited: (yes) => pool.awaited(job, yes),
        abort: () => pool.abort(job),
      });
    }
  }

  /** The caller of a running call is gone. The batch goes on, unless all its callers are gone: then its worker is told. */
  abandoned(call: PoolCall): void {
    for (const { batch, job } of [...this.#runs]) {
      if (batch.calls.includes(call) && batch.calls.every((other) => other.settled)) this.#options.pool.abort(job);
    }
  }

  /** Gives up what is in the workers now: time is over. */
  cutOff(makeError: () => Error): void {
    for (const { batch, job } of [...this.#runs]) {
      for (const call of batch.calls) call.settle({ kind: "failed", error: makeError() });
      this.#options.pool.abort(job);
    }
  }

  /** A batch that failed is run again one call at a time, so that a bad one fails alone. */
  #afterFailure(batch: PoolBatch, error: Error): void {
    if (batch.calls.length > 1) this.#options.batcher().retryAlone(batch.calls, batch.key);
    else (batch.calls[0] as PoolCall).settle({ kind: "failed", error });
  }

  /** Its calls are run once more, each alone; one with which a second worker dies is not tried again. */
  #afterCrash(batch: PoolBatch, reason: string): void {
    const retried: PoolCall[] = [];
    for (const call of batch.calls) {
      call.crashes++;
      const { method, stream } = call.input;
      if (call.crashes > 1 || !method.idempotent || stream?.canRestart() === false) call.settle({ kind: "failed", error: this.#crashError(call, reason) });
      else retried.push(call);
    }
    this.#options.batcher().retryAlone(retried, batch.key);
  }

  #crashError(call: PoolCall, reason: string): WorkerCrashedError {
    const times = call.crashes > 1 ? "two workers that ran this call died" : `the worker that ran this call died, and ${whyNotAgain(call)}`;
    return new WorkerCrashedError(`Runner "${this.#options.runnerName}": ${times}; it is not run again. Last reason: ${reason}.`);
  }

  #hungError(reason: string): WorkerCrashedError {
    return new WorkerCrashedError(`Runner "${this.#options.runnerName}" gave a run up: ${reason}.`, { code: "WORKER_HUNG" });
  }

  #publish(batch: PoolBatch, { workerIndex, handedOverAt, answeredAt }: Passage, outcome: BatchEvent["outcome"]): void {
    if (!batchChannel.hasSubscribers) return;
    const now = this.#options.clock.now();
    const traced = tracedCalls(batch);
    batchChannel.publish({
      runner: this.#options.runnerName,
      method: batch.key.method,
      workerIndex,
      requests: batch.calls.length,
      items: batch.items,
      queueWaitMs: batch.startedAt - (batch.calls[0] as PoolCall).acceptedAt,
      summedQueueWaitMs: batch.calls.reduce((sum, { acceptedAt }) => sum + batch.startedAt - acceptedAt, 0),
      durationMs: now - batch.startedAt,
      handOverMs: handedOverAt - batch.startedAt,
      readMs: now - (answeredAt ?? now),
      outcome,
      ...(traced.length === 0 ? {} : { traced }),
    });
  }
}

const NONE_TRACED: readonly TracedCall[] = [];

function tracedCalls({ calls, startedAt }: PoolBatch): readonly TracedCall[] {
  if (calls.every(({ traceContext }) => traceContext === undefined)) return NONE_TRACED;
  return calls.flatMap(({ traceContext, requestId, items, acceptedAt }) =>
    traceContext === undefined ? [] : [{ traceContext, requestId, items, queueWaitMs: startedAt - acceptedAt }],
  );
}

function whyNotAgain({ input: { method, stream } }: PoolCall): string {
  if (stream === undefined || stream.delivered === 0 || !method.idempotent) return "the method is not idempotent";
  return `${String(stream.delivered)} of its items were already read`;
}

function streamEvents(batch: PoolBatch, ended: () => void): StreamEvents | undefined {
  const call = batch.calls[0] as PoolCall;
  const { stream } = call.input;
  if (stream === undefined) return undefined;
  return {
    get wanted() {
      return stream.items.isOpen;
    },
    item: (item) => stream.items.push(item),
    ended: () => {
      ended();
      call.settle({ kind: "answered", result: undefined });
    },
  };
}

/** Says how many callers are still there, so that the worker gets its next batch, and then gives each call its part of the result. */
function answer(batch: PoolBatch, result: Payload, ended: (answered: number) => void): void {
  const give = (results: readonly unknown[]): void => {
    let waiting = 0;
    for (const call of batch.calls) if (!call.settled) waiting++;
    ended(waiting);
    batch.calls.forEach((call, index) => call.settle({ kind: "answered", result: results[index] }));
  };
  const fail = (error: unknown): void => {
    for (const call of batch.calls) call.settle({ kind: "failed", error });
    ended(0);
  };
  try {
    const results = resultsOf(batch, result);
    if (results instanceof Promise) {
      const unreadable = notSynchronous(`The answer is of container ${result.container}, which reads it asynchronously`);
      for (const call of batch.calls) if (call.input.blocking) call.settle({ kind: "failed", error: unreadable });
      results.then(give, fail);
    } else give(results);
  } catch (error) {
    fail(error);
  }
}

function resultsOf(batch: PoolBatch, result: Payload): readonly unknown[] | Promise<readonly unknown[]> {
  const { method } = (batch.calls[0] as PoolCall).input;
  if (method.batchable) {
    const parts = batch.calls.map(({ input }) => ({ rows: input.rows, share: input.share }));
    return splitResult(result, parts, method.batchDim[1], method.name);
  }
  const whole: unknown = defaultRegistry.findByName(result.container).fromPayload(result);
  return whole instanceof Promise ? whole.then((value: unknown) => [value]) : [whole];
}
