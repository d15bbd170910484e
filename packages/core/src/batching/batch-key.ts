import type { Call } from "../calls/index.js";
import { BatchTime } from "./batch-time.js";
import { Overload } from "./overload.js";
import { adaptivePolicy, type BatchingPolicy } from "./policy.js";
import { ReturningCallers } from "./returning-callers.js";
import { WeightedQueue } from "./weighted-queue.js";

/**
 * A call is due after this many full batches at the latest, however far off its deadline is: short deadlines go before long ones,
 * but never starve them.
 */
const PATIENCE_BATCHES = 16;
/** The learned time of a batch moves all the time; what is due when must not. It follows only when it is off by this factor. */
const PATIENCE_LEEWAY = 2;

/** How the calls of a method are batched. */
export interface BatchingRules {
  /** The method's. */
  readonly name: string;
  /** Items. */
  readonly maxBatchSize: number;
  /** Streams must begin in time; how long they go on is their reader's business. Default false. */
  readonly stream?: boolean;
  /** Default: the adaptive one. */
  readonly policy?: BatchingPolicy | undefined;
}

/**
 * What may share a batch: calls of one method whose dtypes, non-batch dims and side arguments agree. Each key has its own
 * queue, its own learned batch time and its own statistics of callers.
 */
export class BatchKey<Input = unknown, Result = unknown> {
  readonly queue: WeightedQueue<Input, Result> = new WeightedQueue();
  /** Calls to be run again one at a time, after their batch failed; they go before the queue. */
  readonly alone: Call<Input, Result>[] = [];
  readonly batchTime: BatchTime = new BatchTime();
  readonly callers: ReturningCallers = new ReturningCallers();
  readonly overload: Overload = new Overload();
  /** Cost served so far over weight, ms: the key with the least goes next (start-time fair queueing). */
  virtualTime = 0;
  /** Items in workers now. */
  runningItems = 0;
  /** When its latest batch was measured, ms of the clock. */
  measuredAt = -Infinity;
  /** Since when a free worker waits for this key's returning callers, or -1. */
  waitingSince = -1;

  readonly method: string;
  readonly maxBatchSize: number;
  readonly policy: BatchingPolicy;
  /** Its calls are streams. */
  readonly openEnded: boolean;
  #patience = 0;

  constructor(
    /** What the key stands for; calls are grouped by its identity. */
    readonly identity: unknown,
    { name, maxBatchSize, stream = false, policy = adaptivePolicy }: BatchingRules,
  ) {
    this.method = name;
    this.maxBatchSize = maxBatchSize;
    this.policy = policy;
    this.openEnded = stream;
  }

  /** When the call must have ended, ms of the clock. */
  finishBy(call: Call<Input, Result>): number {
    return this.openEnded ? call.startBy + this.batchTime.at(call.items) : call.startBy;
  }

  /** When the call's turn has come, ms of the clock: at its deadline, or when it has waited for long. */
  dueBy(call: Call<Input, Result>): number {
    const patience = PATIENCE_BATCHES * this.batchTime.at(this.maxBatchSize);
    if (patience > this.#patience * PATIENCE_LEEWAY || patience * PATIENCE_LEEWAY < this.#patience) this.#patience = patience;
    return Math.min(call.startBy, call.acceptedAt + this.#patience);
  }

  get hasWork(): boolean {
    return this.#aloneHead() !== undefined || this.queue.head !== undefined;
  }

  get isIdle(): boolean {
    return this.runningItems === 0 && !this.hasWork;
  }

  takeAlone(): Call<Input, Result> | undefined {
    const call = this.#aloneHead();
    if (call !== undefined) this.alone.shift();
    return call;
  }

  #aloneHead(): Call<Input, Result> | undefined {
    while (this.alone.length > 0 && (this.alone[0] as Call<Input, Result>).settled) this.alone.shift();
    return this.alone[0];
  }
}
