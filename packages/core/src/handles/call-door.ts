import type { Clock } from "../clock/index.js";
import { Call, traceContextOfCall, type Outcome } from "../calls/index.js";
import type { Batcher } from "../batching/index.js";
import { payloadBytes, type StagedArguments } from "../workers/index.js";
import { CallWatch } from "./call-watch.js";
import type { MethodSpec } from "./method-spec.js";
import type { CallPart } from "./oversize-call.js";
import type { PoolCall, PoolKey, StagedPart } from "./pool-call.js";
import { priorityWeight } from "./priority-weight.js";
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
  enter(method: MethodSpec, staged: StagedArguments, part: CallPart, options: CallOptions, onSettled?: () => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#admit(method, staged, part, options, false, (outcome) => {
        onSettled?.();
        if (outcome.kind === "answered") resolve(outcome.result);
        else reject(reasonOf(outcome));
      });
    });
  }

  /** Lets a call in whose caller blocks its thread, and is told the end at once. */
  enterBlocking(method: MethodSpec, staged: StagedArguments, part: CallPart, options: CallOptions, onSettled: (outcome: Outcome<unknown>) => void): PoolCall {
    return this.#admit(method, staged, part, options, true, onSettled);
  }

  /** The caller of a blocking call gives up. */
  giveUp(call: PoolCall, error: Error): void {
    this.#giveUp(call, { kind: "failed", error });
  }

  /** The reader of a stream leaves. False when the stream is in a worker, which must be told. */
  leave(call: PoolCall): boolean {
    const wasQueued = call.state === "queued";
    if (wasQueued) this.#withdraw(call, { kind: "answered", result: undefined });
    return wasQueued;
  }

  #admit(
    method: MethodSpec,
    staged: StagedArguments,
    part: CallPart,
    options: CallOptions,
    blocking: boolean,
    onSettled: (outcome: Outcome<unknown>) => void,
  ): PoolCall {
    const now = this.#options.clock.now();
    const givesUpAt = now + (options.timeoutMs ?? Infinity);
    const { firstRow, rows, payloads, stream } = part;
    this.#inside++;
    const call: PoolCall = new Call({
      input: { method, staged, firstRow, rows, payloads, share: options.shareResults === true, stream, blocking, givesUpAt },
      items: Math.max(rows, 1),
      bytes: bytesOf(staged, part),
      acceptedAt: now,
      startBy: Math.min(now + method.maxLatencyMs, givesUpAt),
      requestId: options.requestId,
      traceContext: traceContextOfCall(options.traceContext),
      weight: priorityWeight(options.priority),
      onSettled: (outcome) => {
        unwatch?.();
        onSettled(outcome);
        if (--this.#inside === 0) this.#onEmpty?.();
      },
    });
    const unwatch = this.#watch.watch(options, call, now);
    stream?.entered(call);
    this.#options.batcher.accept(call, this.#keyOf(call));
    return call;
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
    // Whoever gives up wants nothing that came before either.
    call.input.stream?.items.discard();
    if (call.state === "queued") return this.#withdraw(call, outcome);
    call.settle(outcome);
    this.#options.onAbandoned(call);
  }

  #withdraw(call: PoolCall, outcome: Outcome<unknown>): void {
    call.settle(outcome);
    this.#options.batcher.withdraw(call, this.#keyOf(call));
  }

  #keyOf({ input: { method, staged } }: PoolCall): PoolKey {
    return this.#options.batcher.key(staged.key, method);
  }
}

/** Memory that the call holds until it is settled. */
function bytesOf({ layout }: StagedArguments, { rows, payloads }: CallPart): number {
  let bytes = rows * layout.rows.rowBytes;
  for (const payload of payloads) bytes += payloadBytes(payload);
  return bytes;
}

export function reasonOf(outcome: Exclude<Outcome<unknown>, { kind: "answered" }>): Error {
  return (outcome.kind === "aborted" ? outcome.reason : outcome.error) as Error;
}
