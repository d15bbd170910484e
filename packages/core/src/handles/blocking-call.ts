import { DeadlineExceededError, StateError } from "../errors/index.js";
import type { Batcher } from "../batching/index.js";
import type { Outcome } from "../calls/index.js";
import type { Clock } from "../clock/index.js";
import type { Lane, StagedArguments, WorkerPool } from "../workers/index.js";
import { reasonOf, type CallDoor } from "./call-door.js";
import type { MethodSpec } from "./method-spec.js";
import { notSynchronous } from "./not-synchronous.js";
import { cutIntoParts, joinAnswers, type CallPart } from "./oversize-call.js";
import type { PoolCall, StagedPart } from "./pool-call.js";
import type { CallOptions } from "./runner-handle.js";

export interface BlockingCallOptions {
  readonly runnerName: string;
  readonly method: MethodSpec;
  readonly staged: StagedArguments;
  readonly options: CallOptions;
  readonly door: CallDoor;
  readonly pool: WorkerPool;
  /** In which the method runs. */
  readonly lane: Lane;
  readonly batcher: Batcher<StagedPart, unknown>;
  readonly clock: Clock;
}

/**
 * Runs a call while this thread stands still. The call goes through the same door and batcher as any other; what the event loop
 * would do meanwhile for the whole handle (answers, restarts, the start of batches) is done here, so that asynchronous calls
 * which are in the workers neither block this one nor lose their answers. Their promises settle when the thread goes on.
 *
 * @throws what the call would reject with, and StateError where it could not end.
 */
export function runBlocking(blocking: BlockingCallOptions): unknown {
  const { method, staged, options } = blocking;
  const parts = partsOf(blocking);
  if (parts instanceof Promise) {
    parts.catch(() => undefined);
    throw notSynchronous(`An argument of "${method.name}" is of a container that works asynchronously`);
  }
  const answers: unknown[] = [];
  let failure: Exclude<Outcome<unknown>, { kind: "answered" }> | undefined;
  const ownMemory = parts.length === 1 ? options : { ...options, shareResults: false };
  const calls = parts.map((part, index) =>
    blocking.door.enterBlocking(method, staged, part, ownMemory, (outcome) => {
      if (outcome.kind === "answered") answers[index] = outcome.result;
      else failure ??= outcome;
    }),
  );
  waitFor(blocking, calls, () => failure !== undefined);
  if (failure !== undefined) throw reasonOf(failure);
  return answers.length === 1 ? answers[0] : joinAnswers(answers, method.batchDim[1]);
}

function partsOf({ method, staged }: BlockingCallOptions): readonly CallPart[] | Promise<readonly CallPart[]> {
  if (method.batchable && staged.items > method.maxBatchSize) return cutIntoParts(staged, method.maxBatchSize);
  const { firstRow, items: rows, payloads } = staged;
  return [{ firstRow, rows, payloads }];
}

/** Returns when every call is settled; when one has failed the others are given up. */
function waitFor(blocking: BlockingCallOptions, calls: readonly PoolCall[], hasFailed: () => boolean): void {
  const { runnerName, door, pool, lane, batcher, clock } = blocking;
  const { timeoutMs = Infinity } = blocking.options;
  const giveUp = (error: Error): void => {
    for (const call of calls) if (!call.settled) door.giveUp(call, error);
  };
  const end = clock.now() + timeoutMs;
  pool.pumpUntil(
    () => {
      if (hasFailed()) giveUp(new StateError("Another part of the call has failed."));
      else if (pool.allStreaming(lane)) giveUp(readFirst(runnerName));
      return calls.every((call) => call.settled);
    },
    end,
    () => batcher.turn(),
  );
  giveUp(new DeadlineExceededError(`Runner "${runnerName}" did not answer a call within timeoutMs ${String(timeoutMs)}.`));
}

/** A stream stops when its reader does not read, and its reader is this very thread. */
function readFirst(runnerName: string): StateError {
  return new StateError(
    `runSync on runner "${runnerName}" would never end: every worker runs a stream, which only this thread could read. Use run(), end the streams first, or give the runner more workers.`,
    { code: "WOULD_DEADLOCK" },
  );
}
