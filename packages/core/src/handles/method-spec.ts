import type { BatchingPolicy } from "../batching/index.js";

/** A method as the handles see it, with every option resolved. */
export interface MethodSpec {
  /** The method's name in its Runnable. */
  readonly name: string;
  /** Whether calls may be joined into batches. */
  readonly batchable: boolean;
  /** Called with `stream` alone, and never joined. */
  readonly stream: boolean;
  /** Batch dim of the arguments and of the result. */
  readonly batchDim: readonly [number, number];
  /** Most items in one batch. */
  readonly maxBatchSize: number;
  /** When its batches are started, where the handle batches. Default: the adaptive policy. */
  readonly policy?: BatchingPolicy | undefined;
  /** A call that cannot be finished within so many ms is refused. */
  readonly maxLatencyMs: number;
  /** Batches that one worker may run at the same time. Default 1: one at a time, and none beside one of another such method. */
  readonly maxConcurrency?: number | undefined;
  /** Whether a call may be run again after its worker died. */
  readonly idempotent: boolean;
}
