import type { NdArray } from "../../ndarray/index.js";
import type { Column } from "../wire/index.js";
import { RowBlock } from "./row-block.js";

/** Blocks are about this big: large enough for whole batches of small rows, small enough to be cheap when a layout is rare. */
const BLOCK_BYTES = 1 << 20;
/** Free blocks kept per layout. Two are filled in turn; more wait only in a long queue. */
const FREE_BLOCKS_KEPT = 4;

/** The blocks of one layout: an open one that is being filled, full ones that wait, free ones to be used again. */
export class RowStore {
  /** Of one row in all columns. */
  readonly rowBytes: number;
  readonly #rowsPerBlock: number;
  readonly #free: RowBlock[] = [];
  #open: RowBlock | undefined;

  constructor(
    readonly columns: readonly Column[],
    maxBatchSize: number,
    private readonly onDropped: (block: RowBlock) => void,
  ) {
    this.rowBytes = columns.reduce((bytes, column) => bytes + column.rowBytes, 0);
    const rows = this.rowBytes === 0 ? maxBatchSize : Math.floor(BLOCK_BYTES / this.rowBytes);
    this.#rowsPerBlock = Math.max(1, Math.min(rows, 2 * maxBatchSize));
  }

  write(tensors: readonly NdArray[], rows: number): { readonly block: RowBlock; readonly firstRow: number } {
    const block = this.#blockFor(rows);
    return { block, firstRow: block.write(tensors, rows) };
  }

  release(block: RowBlock): void {
    block.release();
    if (block.inUse || block === this.#open) return;
    if (this.#free.length < FREE_BLOCKS_KEPT && block.capacity === this.#rowsPerBlock) this.#free.push(block);
    else this.onDropped(block);
  }

  #blockFor(rows: number): RowBlock {
    if (this.#open?.hasRoomFor(rows) === true) return this.#open;
    if (rows > this.#rowsPerBlock) return new RowBlock(this.columns, rows);
    this.#open = this.#free.pop() ?? new RowBlock(this.columns, this.#rowsPerBlock);
    return this.#open;
  }
}
