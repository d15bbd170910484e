import { columnOffsets, type CallLayout, type FramedBatch, type WarmMemory } from "../wire/index.js";
import type { BatchRows, RowSource } from "./row-source.js";

/**
 * Rows of a process: they came with the batch, in memory that was warm. A column that came in one piece is used where it lies, others
 * are joined.
 */
export class FramedRows implements RowSource<FramedBatch> {
  constructor(private readonly memory: WarmMemory) {}

  owns(memory: ArrayBufferLike): boolean {
    return this.memory.owns(memory);
  }

  rowsOf({ rows, pieces, items, payloads, memory }: FramedBatch, { columns }: CallLayout): BatchRows {
    if (pieces <= 1) {
      return { columns: rows.map(({ byteOffset }) => ({ memory, offset: byteOffset })), payloads, release: () => this.memory.giveBack(memory) };
    }
    const { offsets, bytes } = columnOffsets(columns, items);
    const joined = this.memory.take(bytes);
    for (const [column, offset] of offsets.entries()) {
      let end = offset;
      for (const piece of rows.slice(column * pieces, (column + 1) * pieces)) {
        new Uint8Array(joined, end, piece.byteLength).set(piece);
        end += piece.byteLength;
      }
    }
    return {
      columns: offsets.map((offset) => ({ memory: joined, offset })),
      payloads,
      release: () => {
        this.memory.giveBack(joined);
        this.memory.giveBack(memory);
      },
    };
  }
}
