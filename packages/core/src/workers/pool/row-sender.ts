import { invariant } from "../../errors/index.js";
import { columnOffsets, type CallLayout, type RunBatch, type SharedBlock } from "../wire/index.js";

/** Finds the bytes of a batch's rows, for a worker that cannot look into this process's memory. They are views, never copies. */
export class RowSender {
  readonly #blocks = new Map<number, SharedBlock>();
  readonly #columns = new Map<number, CallLayout["columns"]>();

  /** By column, each in `pieces` parts: rows that lie together are one. */
  partsOf({ layout, newLayout, newBlocks, droppedBlocks, segments }: RunBatch): { readonly parts: Uint8Array[]; readonly pieces: number } {
    for (const id of droppedBlocks) this.#blocks.delete(id);
    for (const block of newBlocks) this.#blocks.set(block.id, block);
    if (newLayout !== undefined) this.#columns.set(layout, newLayout.columns);
    const columns = this.#columns.get(layout);
    invariant(columns !== undefined, `a process was never sent layout ${String(layout)}`);
    // Columns without a row must be told too.
    if (segments.length === 0) return { parts: columns.map(() => new Uint8Array(0)), pieces: 1 };
    const parts: Uint8Array[] = [];
    for (const [column, { rowBytes }] of columns.entries()) {
      for (let index = 0; index < segments.length; index += 3) {
        const block = this.#blocks.get(segments[index] as number);
        invariant(block !== undefined, `a process was never sent block ${String(segments[index])}`);
        const start = columnOffsets(columns, block.capacity).offsets[column] as number;
        parts.push(new Uint8Array(block.memory, start + (segments[index + 1] as number) * rowBytes, (segments[index + 2] as number) * rowBytes));
      }
    }
    return { parts, pieces: segments.length / 3 };
  }
}
