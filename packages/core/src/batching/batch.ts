import type { Call } from "../calls/index.js";
import type { BatchKey } from "./batch-key.js";

/** Calls that run together in one worker. */
export interface Batch<Input = unknown, Result = unknown> {
  readonly key: BatchKey<Input, Result>;
  readonly calls: readonly Call<Input, Result>[];
  readonly items: number;
  /** When it was decided to run it, ms of the clock. */
  readonly startedAt: number;
}
