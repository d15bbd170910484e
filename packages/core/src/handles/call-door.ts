import type { Clock } from "../clock/index.js";
import { Call, type Outcome } from "../calls/index.js";
import type { Batcher } from "../batching/index.js";
import type { StagedArguments } from "../workers/index.js";
import { CallWatch } from "./call-watch.js";
import type { MethodSpec } from "./method-spec.js";
import type { CallPart } from "./oversize-call.js";
import type { PoolCall, StagedPart } from "./pool-call.js";
import type { CallOptions } from "./runner-handle.js";

export interface CallDoorOptions {
  readonly runnerName: string;
  readonly clock: Clock;
  readonly batcher: Batcher<StagedPart, unknown>;
  /** A call that is running was given up by its caller. */
  readonly onAbandoned: (call: PoolCall) => void;
}

/** Where staged arguments become a call that waits, and its outcome the caller's promise. Counts the calls that are inside. */
export class CallDoor {
  readonly #options: CallDoorOptions;
  readonly #watch: CallWatch<PoolCall>;
  #inside = 0;
  #onEmpty: (() => void) | undefined;

  constructor(options: CallDoorOptions) {
    this.#options = options;
    this.#watch = new CallWatch<PoolCall>(`Runner "${options.runnerName}"`, options.clock, {
      onAbort: (call, reason) => this.#giveUp(call, { kind: "aborted", reason }),
      onDeadline: (call, error) => this.#giveUp(call, { kind: "failed", error }),
    });
  }

  /** Lets a call in. `onSettled` is told when its rows are needed no more. */
  enter(method: MethodSpec, staged: StagedArguments, part: CallPart, options: CallOptions, onSettled: () => void): Promise<unknown> {
    const { clock, batcher } = this.#options;
    return new Promise((resolve, reject) => {
      const now = clock.now();
      const givesUpAt = now + (options.timeoutMs ?? Infinity);
      this.#inside++;
      const call: PoolCall = new Call({
        input: { method, staged, firstRow: part.firstRow, rows: part.rows, payloads: part.payloads, share: options.shareResults === true, givesUpAt },
        items: Math.max(part.rows, 1),
        acceptedAt: now,
        startBy: Math.min(now + method.maxLatencyMs, givesUpAt),
        requestId: options.requestId,
        onSettled: (outcome) => {
          unwatch?.();
          onSettled();
          if (outcome.kind === "answered") resolve(outcome.result);
          else reject(reasonOf(outcome));
          if (--this.#inside === 0) this.#onEmpty?.();
        },
      });
      const unwatch = this.#watch.watch(options, call, now);
      batcher.accept(call, batcher.key(staged.key, method.name, method.maxBatchSize));
    });
  }

  /** Resolves when no call is inside, at the latest at `end` (ms of the clock). */
  async empty(end: number): Promise<void> {
    if (this.#inside === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.at(end, resolve);
      this.#onEmpty = () => {
        cancel();
        resolve();
      };
    });
  }

  #giveUp(call: PoolCall, outcome: Outcome<unknown>): void {
    const wasQueued = call.state === "queued";
    call.settle(outcome);
    if (!wasQueued) return this.#options.onAbandoned(call);
    const { method, staged } = call.input;
    const { batcher } = this.#options;
    batcher.withdraw(call, batcher.key(staged.key, method.name, method.maxBatchSize));
  }
}

function reasonOf(outcome: Exclude<Outcome<unknown>, { kind: "answered" }>): Error {
  return (outcome.kind === "aborted" ? outcome.reason : outcome.error) as Error;
}
