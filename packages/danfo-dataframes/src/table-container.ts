import { DataContainerBase, InvalidArgumentError, type JoinedBatch, type Payload } from "bentoml-core";
import type { DataFrame } from "./data-frame.js";
import type { FrameLike } from "./foreign-frame.js";
import { readArrow } from "./read-arrow.js";
import type { Series } from "./series.js";
import { concatTables, copyTable, viewTable, type Table } from "./table.js";
import { writeArrow } from "./write-arrow.js";

/**
 * Rows: joined one below the other with their labels, split, and sent as Arrow IPC. Every part that is cut or read goes back into
 * the class that its caller gave, in the thread that knows the class; elsewhere, and where rows of several callers are together,
 * it is ours.
 */
export abstract class TableContainer extends DataContainerBase<FrameLike> {
  protected abstract read(value: FrameLike): Table;
  protected abstract rowsOf(value: FrameLike): number;
  /** As a value of ours. */
  protected abstract wrap(table: Table): DataFrame | Series;

  getBatchSize(batch: FrameLike, batchDim: number): number {
    checkRows(batchDim);
    return this.rowsOf(batch);
  }

  /** @throws InvalidArgumentError for frames of other columns or dtypes, which it names. */
  batchesToBatch(batches: readonly FrameLike[], batchDim: number): JoinedBatch<FrameLike> {
    checkRows(batchDim);
    const tables = this.readAll(batches);
    const indices = [0];
    for (const { rows } of tables) indices.push((indices.at(-1) as number) + rows);
    return { batch: this.#value(this.join(tables)), indices };
  }

  batchToBatches(batch: FrameLike, indices: readonly number[], batchDim: number): FrameLike[] {
    checkRows(batchDim);
    const table = this.read(batch);
    checkIndices(indices, table.rows);
    return indices.slice(1).map((end, part) => this.#part(viewTable(table, indices[part] as number, end)));
  }

  toPayload(value: FrameLike): Payload {
    const table = this.read(value);
    return { container: this.name, meta: {}, batchSize: table.rows, buffers: [writeArrow(table)] };
  }

  /** @throws InvalidArgumentError for a payload that is no table. */
  fromPayload({ buffers }: Payload): FrameLike {
    const [bytes] = buffers;
    if (bytes === undefined || buffers.length !== 1) throw new InvalidArgumentError(`A payload of a frame needs 1 buffer, but has ${buffers.length}.`);
    return this.#value(this.checkedTable(readArrow(bytes)));
  }

  protected readAll(values: readonly FrameLike[]): Table[] {
    return values.map((value) => this.read(value));
  }

  protected join(tables: readonly Table[]): Table {
    return concatTables(tables);
  }

  protected checkedTable(table: Table): Table {
    return table;
  }

  #value(table: Table): FrameLike {
    return this.wrap(table).inCallersClass();
  }

  /** In memory of its own, which a value in its caller's class has already. */
  #part(view: Table): FrameLike {
    const ours = this.wrap(view);
    const value = ours.inCallersClass();
    return value === ours ? this.wrap(copyTable(view)) : value;
  }
}

function checkRows(batchDim: number): void {
  if (batchDim === 0) return;
  throw new InvalidArgumentError(`Frames and series are joined and split by rows, which are dim 0, not ${batchDim}: leave the method's batchDim at 0.`);
}

/** @throws InvalidArgumentError for boundaries that are not cumulative from 0 to the number of rows. */
function checkIndices(indices: readonly number[], rows: number): void {
  const rising = indices.every((end, part) => Number.isSafeInteger(end) && end >= (indices[part - 1] ?? 0));
  if (rising && indices[0] === 0 && indices.at(-1) === rows) return;
  throw new InvalidArgumentError(`${rows} rows cannot be split at [${indices.join(", ")}]: n parts need n + 1 numbers that rise from 0 to ${rows}.`);
}
