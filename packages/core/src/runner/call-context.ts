import type { TraceContext } from "../calls/index.js";

/** What a Runnable's method gets as its last argument: whom it works for, and until when. */
export interface CallContext {
  /** Aborted when every caller of the batch is gone. */
  readonly signal: AbortSignal;
  /** When the last caller gives up, ms since 1970; undefined when one of them never does. */
  readonly deadline: number | undefined;
  /** Request ids that the callers gave, in no particular order. */
  readonly requestIds: readonly string[];
  /** W3C trace contexts that the callers gave, each its own, in no particular order. One that is not of the standard's form is left out. */
  readonly traceContexts: readonly TraceContext[];
}

/** What a Runnable's `setup` gets: its place among the workers. */
export interface SetupContext {
  /** Its number among the workers, from 0. */
  readonly workerIndex: number;
  /** How many workers there are. */
  readonly workerCount: number;
  /** CPU threads that this worker may use, so that all workers together do not use more than there are. */
  readonly threads: number;
  /** Largest `maxBatchSize` of its methods, in items. */
  readonly maxBatchSize: number;
  /**
   * By how many steps threads that the Runnable starts shall give way to this one. It is 0 in a worker: that has given way with all that
   * it starts. In the calling thread (`initLocal`) it is the runner's `workerNiceness`.
   */
  readonly niceness: number;
}
