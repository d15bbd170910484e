import type { Call } from "../calls/index.js";
import { BatchTime } from "./batch-time.js";
import { CallQueue } from "./call-queue.js";
import { ReturningCallers } from "./returning-callers.js";

/**
 * What may share a batch: calls of one method whose dtypes, non-batch dims and side arguments agree. Each key has its own
 * queue, its own learned batch time and its own statistics of callers.
 */
export class BatchKey<Input = unknown, Result = unknown> {
  readonly queue: CallQueue<Input, Result> = new CallQueue();
  /** Calls to be run again one at a time, after their batch failed; they go before the queue. */
  readonly alone: Call<Input, Result>[] = [];
  readonly batchTime: BatchTime = new BatchTime();
  readonly callers: ReturningCallers = new ReturningCallers();
  /** Cost served so far over weight, ms: the key with the least goes next (start-time fair queueing). */
  virtualTime = 0;
  /** Items in workers now. */
  runningItems = 0;
  /** Since when a free worker waits for this key's returning callers, or -1. */
  waitingSince = -1;

  constructor(
    /** What the key stands for; calls are grouped by its identity. */
    readonly identity: unknown,
    readonly method: string,
    readonly maxBatchSize: number,
  ) {}

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
