import { VirtualClock } from "../clock/index.js";
import { Call, type Outcome } from "../calls/index.js";
import type { Batch } from "./batch.js";
import type { BatchKey } from "./batch-key.js";
import { Batcher } from "./batcher.js";
import type { BatchingPolicy } from "./policy.js";

export interface ScriptedPoolOptions {
  readonly maxQueueSize?: number;
  readonly maxQueueBytes?: number;
  readonly outcome?: (batch: Batch<number, string>) => "ok" | "failed";
}

export interface ScriptedCallOptions {
  readonly maxBatchSize?: number;
  readonly key?: string;
  /** Ms from now. */
  readonly startBy?: number;
  readonly bytes?: number;
  readonly weight?: number;
  readonly policy?: BatchingPolicy;
  readonly stream?: boolean;
}

export interface ScriptedCall {
  readonly call: Call<number, string>;
  readonly batchKey: BatchKey<number, string>;
  readonly settled: Promise<void>;
  readonly outcome: () => Outcome<string> | undefined;
}

/** A pool of workers whose batches take `duration(items)` ms of virtual time. Calls are numbered in the order in which they are made. */
export class ScriptedPool {
  readonly clock: VirtualClock = new VirtualClock();
  readonly batches: number[][] = [];
  /** When each batch was started. */
  readonly startedAt: number[] = [];
  readonly shed: string[] = [];
  busy = 0;
  made = 0;
  readonly batcher: Batcher<number, string>;
  readonly #outcome: NonNullable<ScriptedPoolOptions["outcome"]>;

  constructor(
    readonly workers: number,
    readonly duration: (items: number) => number,
    { maxQueueSize = 1e6, maxQueueBytes, outcome = () => "ok" }: ScriptedPoolOptions = {},
  ) {
    const idle = (): number => this.workers - this.busy;
    this.#outcome = outcome;
    this.batcher = new Batcher({
      name: "test",
      clock: this.clock,
      maxQueueSize,
      maxQueueBytes,
      onShed: (_, reason) => this.shed.push(reason),
      target: {
        workers,
        get idleWorkers() {
          return idle();
        },
        start: (batch) => this.#start(batch),
      },
    });
  }

  /** Calls the method "m" with `items` items, in batches of at most `maxBatchSize`. */
  call(items: number, { maxBatchSize = 8, key = "k", startBy = Infinity, bytes = 0, weight, policy, stream = false }: ScriptedCallOptions = {}): ScriptedCall {
    let outcome: Outcome<string> | undefined;
    let settle: () => void = () => undefined;
    const settled = new Promise<void>((resolve) => (settle = resolve));
    const now = this.clock.now();
    const call = new Call<number, string>({
      input: this.made++,
      items,
      bytes,
      acceptedAt: now,
      startBy: now + startBy,
      requestId: undefined,
      weight,
      onSettled: (value) => {
        outcome = value;
        settle();
      },
    });
    const batchKey = this.batcher.key(key, { name: "m", maxBatchSize, policy, stream });
    this.batcher.accept(call, batchKey);
    return { call, batchKey, settled, outcome: () => outcome };
  }

  #start(batch: Batch<number, string>): void {
    this.busy++;
    this.batches.push(batch.calls.map((call) => call.input));
    this.startedAt.push(this.clock.now());
    this.clock.at(this.clock.now() + this.duration(batch.items), () => this.#end(batch));
  }

  #end(batch: Batch<number, string>): void {
    this.busy--;
    const ok = this.#outcome(batch) === "ok";
    let answered = 0;
    if (ok) {
      for (const call of batch.calls) {
        if (!call.settled) answered++;
        call.settle({ kind: "answered", result: "done" });
      }
    }
    this.batcher.finished(batch, answered, ok);
    if (!ok && batch.calls.length > 1) this.batcher.retryAlone(batch.calls, batch.key);
    else if (!ok) for (const call of batch.calls) call.settle({ kind: "failed", error: new Error("bad row") });
  }
}
