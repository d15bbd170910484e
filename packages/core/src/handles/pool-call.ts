import type { Call } from "../calls/index.js";
import type { Batch, BatchKey } from "../batching/index.js";
import type { Payload } from "../containers/index.js";
import type { StagedArguments } from "../workers/index.js";
import type { MethodSpec } from "./method-spec.js";
import type { PoolStream } from "./pool-stream.js";

/** A call, or a part of one that was larger than a batch: which of the staged rows it is. */
export interface StagedPart {
  readonly method: MethodSpec;
  readonly staged: StagedArguments;
  readonly firstRow: number;
  readonly rows: number;
  readonly payloads: readonly Payload[];
  readonly share: boolean;
  /** Where the items go, when the call is a stream. */
  readonly stream: PoolStream | undefined;
  /** The caller blocks its thread: promises do not settle before it has its answer. */
  readonly blocking: boolean;
  /** When the caller gives up, ms of the clock; `Infinity` for never. */
  readonly givesUpAt: number;
}

export type PoolCall = Call<StagedPart, unknown>;
export type PoolBatch = Batch<StagedPart, unknown>;
export type PoolKey = BatchKey<StagedPart, unknown>;
