import { viewOf, type NdArray } from "../../ndarray/index.js";
import { columnOffsets, type Column, type SharedBlock } from "../wire/index.js";

interface NumericView {
  set(source: unknown, offset: number): void;
}

let lastBlockId = 0;

/**
 * Shared memory for the rows of many calls of one layout. Rows are written once, when a call is made, and stay until its call
 * is settled: a worker that dies takes nothing with it. When no call uses the block any more it is filled from the start again.
 */
export class RowBlock implements SharedBlock {
  readonly id: number = ++lastBlockId;
  readonly memory: SharedArrayBuffer;
  readonly #views: readonly NumericView[];
  readonly #rowElements: readonly number[];
  #used = 0;
  #calls = 0;

  constructor(
    columns: readonly Column[],
    readonly capacity: number,
  ) {
    const { offsets, bytes } = columnOffsets(columns, capacity);
    this.memory = new SharedArrayBuffer(bytes);
    this.#rowElements = columns.map((column) => column.rowShape.reduce((product, dim) => product * dim, 1));
    this.#views = columns.map(
      ({ dtype }, index) =>
        viewOf(dtype, this.memory as unknown as ArrayBuffer, offsets[index] as number, capacity * (this.#rowElements[index] as number)) as NumericView,
    );
  }

  get inUse(): boolean {
    return this.#calls > 0;
  }

  hasRoomFor(rows: number): boolean {
    return this.#used + rows <= this.capacity;
  }

  /** Copies the rows of a call, one tensor per column, and returns the first row's index. */
  write(tensors: readonly NdArray[], rows: number): number {
    const first = this.#used;
    for (let column = 0; column < tensors.length; column++) {
      const offset = first * (this.#rowElements[column] as number);
      (this.#views[column] as NumericView).set((tensors[column] as NdArray).data, offset);
    }
    this.#used += rows;
    this.#calls++;
    return first;
  }

  /** One call that has rows here is settled. */
  release(): void {
    this.#calls--;
    if (this.#calls === 0) this.#used = 0;
  }
}
