import type { Payload } from "../../containers/index.js";
import type { CallLayout, ErrorData, RunBatch, SharedBlock } from "../wire/index.js";

/** Batches that a worker may run beside each other: at most `width` of one lane, whatever runs in other lanes. */
export interface Lane {
  readonly name: string;
  readonly width: number;
}

/** A batch as the pool runs it: the message without what depends on the worker, and whom to tell. */
export interface Job {
  readonly message: Omit<RunBatch, "type" | "batch" | "newLayout" | "newBlocks" | "droppedBlocks" | "newContainers">;
  readonly describeLayout: () => CallLayout;
  readonly blocks: readonly SharedBlock[];
  readonly lane: Lane;
  /** Nothing may run beside it: a worker has died with it, and it must be seen whether that was its doing. */
  readonly solitary: boolean;
  /** How many calls are in it. */
  readonly requests: number;
  /** Set for a stream, which has items and an end instead of a result. */
  readonly stream: StreamEvents | undefined;
  done(result: Payload): void;
  failed(error: ErrorData): void;
  crashed(reason: string): void;
  /** It takes too long and was given up, but cannot be ended. */
  hung(reason: string): void;
}

/** What becomes of a stream that a worker runs, besides `failed`, `crashed` and `hung`. */
export interface StreamEvents {
  /** Whether its reader still reads. */
  readonly wanted: boolean;
  item(item: Payload): void;
  /** No more items: the slot is free again. */
  ended(): void;
}
