import type { BatchHead, CallLayout } from "../wire/index.js";

/** Where the arguments of a batch lie in this worker: the rows as bytes of each column of its layout, one after the other. */
export interface BatchRows {
  /** By column: where its first byte is. Aligned for every dtype. */
  readonly columns: readonly { readonly memory: ArrayBuffer; readonly offset: number }[];
  /** As the batch has them, by slot. */
  readonly payloads: BatchHead["payloads"];
  /** The batch has ended: its memory may be used again. */
  release(): void;
}

/** How the rows of batches come into a worker. */
export interface RowSource<Batch extends BatchHead> {
  rowsOf(batch: Batch, layout: CallLayout): BatchRows;
  /** True for memory that a later batch will overwrite; a result that lies in it must be copied. */
  owns(memory: ArrayBufferLike): boolean;
}
