/** A method as the handles see it, with every option resolved. */
export interface MethodSpec {
  readonly name: string;
  readonly batchable: boolean;
  /** Called with `stream` alone, and never joined. */
  readonly stream: boolean;
  /** Batch dim of the arguments and of the result. */
  readonly batchDim: readonly [number, number];
  /** Most items in one batch. */
  readonly maxBatchSize: number;
  /** A call that cannot be finished within so many ms is refused. */
  readonly maxLatencyMs: number;
  /** Whether a call may be run again after its worker died. */
  readonly idempotent: boolean;
}
