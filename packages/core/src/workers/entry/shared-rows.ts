import { invariant } from "../../errors/index.js";
import { columnOffsets, type CallLayout, type RunBatch, type SharedBlock, WarmMemory } from "../wire/index.js";
import type { BatchRows, RowSource } from "./row-source.js";
import { takeFromShared } from "./shared-payloads.js";

/**
 * Rows and payloads of a thread: gathered from shared memory into warm memory of its own. The engine cannot take shared memory, and the
 * copy here costs the caller's thread nothing.
 */
export class SharedRows implements RowSource<RunBatch> {
  readonly #blocks = new Map<number, SharedBlock>();
  readonly #memory = new WarmMemory();

  owns(memory: ArrayBufferLike): boolean {
    return this.#memory.owns(memory);
  }

  rowsOf(batch: RunBatch, { columns }: CallLayout): BatchRows {
    for (const id of batch.droppedBlocks) this.#blocks.delete(id);
    for (const block of batch.newBlocks) this.#blocks.set(block.id, block);
    const taken = takeFromShared(batch.payloads, this.#memory);
    if (columns.length === 0) return { columns: [], ...taken };
    const { offsets, bytes } = columnOffsets(columns, batch.items);
    const memory = this.#memory.take(bytes);
    this.#gather(batch, columns, offsets, memory);
    return {
      columns: offsets.map((offset) => ({ memory, offset })),
      payloads: taken.payloads,
      release: () => {
        this.#memory.giveBack(memory);
        taken.release();
      },
    };
  }

  #gather({ segments }: RunBatch, columns: CallLayout["columns"], offsets: readonly number[], memory: ArrayBuffer): void {
    let row = 0;
    for (let index = 0; index < segments.length; index += 3) {
      const block = this.#blocks.get(segments[index] as number);
      invariant(block !== undefined, `worker was never sent block ${String(segments[index])}`);
      const from = columnOffsets(columns, block.capacity).offsets;
      const first = segments[index + 1] as number;
      const count = segments[index + 2] as number;
      for (const [column, { rowBytes }] of columns.entries()) {
        const source = new Uint8Array(block.memory, (from[column] as number) + first * rowBytes, count * rowBytes);
        new Uint8Array(memory, (offsets[column] as number) + row * rowBytes, count * rowBytes).set(source);
      }
      row += count;
    }
  }
}
