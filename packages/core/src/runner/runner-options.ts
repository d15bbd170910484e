import type { Params } from "../containers/index.js";
import type { StoredModel } from "../models/index.js";

/** Batching of one method. */
export interface MethodBatching {
  /** Most items in one batch. Default 100. */
  readonly maxBatchSize?: number;
  /** A call that cannot be answered within so many ms is refused with 503. Default 60,000. */
  readonly maxLatencyMs?: number;
}

/**
 * Makes the arguments of a call what the method takes, in the caller's thread, before they go anywhere: pure, without any
 * native library. What it throws reaches that caller alone and never a batch.
 */
export type Prepare = (params: Params, methodName: string) => Params;

export interface RunnerOptions extends MethodBatching {
  /** Default: the class name in lower case. Must be a valid name of a tag. */
  readonly name?: string;
  readonly models?: readonly StoredModel[];
  /** By method name; wins over the runner's own `maxBatchSize` and `maxLatencyMs`. */
  readonly methodConfigs?: Readonly<Record<string, MethodBatching>>;
  /** Constructor argument of a Runnable class; plain data. */
  readonly runnableInitParams?: unknown;
  /** Runs in the caller's thread instead of in workers. Default false. */
  readonly embedded?: boolean;
  /** Whether the first call starts the workers by itself. Default true. */
  readonly autoInit?: boolean;
  /** Worker threads. Default: one for a Runnable that uses several cores itself, otherwise one per core. */
  readonly workers?: number;
  /** Most items that may wait before calls are refused with 503. Default 100,000. */
  readonly maxQueueSize?: number;
  /**
   * Whether the calling thread and the workers may stay awake for a fraction of a millisecond when a batch is short, instead of
   * sleeping and being woken. Default: true where there are more cores than workers.
   */
  readonly spin?: boolean;
  /** How long an exit of the process waits for a run that is going on, ms. Default 2,000. */
  readonly exitWaitMs?: number;
  /** How long `destroy` lets accepted calls finish, ms. Default 30,000. */
  readonly graceMs?: number;
  readonly prepare?: Prepare;
}

export const DEFAULT_MAX_BATCH_SIZE = 100;
export const DEFAULT_MAX_LATENCY_MS = 60_000;
export const DEFAULT_MAX_QUEUE_SIZE = 100_000;
export const DEFAULT_EXIT_WAIT_MS = 2_000;
export const DEFAULT_GRACE_MS = 30_000;
