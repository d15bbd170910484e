import type { NdArray } from "bentoml-core";
import { InvalidArgumentError } from "bentoml-core";
import { readArrow } from "./read-arrow.js";
import { writeArrow } from "./write-arrow.js";
import type { CellValue, ColumnDtype } from "./column-dtype.js";
import { columnsAsArray } from "./column-numbers.js";
import { withoutWhole } from "./origins.js";
import { isForeignFrame, readForeignFrame, readForeignFrames, restoredFrame, type FrameLike } from "./foreign-frame.js";
import { readColumn } from "./read-column.js";
import { Series } from "./series.js";
import { concatTables, copyTable, labelsOf, makeTable, placeOf, rowsOf, viewTable, type RowLabel, type Table } from "./table.js";

/** Two installed copies of this package recognise each other's frames by it. */
const BRAND: unique symbol = Symbol.for("bentoml.DataFrame") as never;

/** A list for each column, by its name; typed arrays keep their dtype. */
export type ColumnRecord = Readonly<Record<string, ArrayLike<unknown>>>;

/** What a frame is made of. */
export type DataFrameInput = DataFrame | FrameLike | readonly Readonly<Record<string, unknown>>[] | ColumnRecord;

/**
 * A table of typed columns with the fields that danfo's has, for where danfo is not installed or not loaded: in workers, on
 * servers. Never changed once it is made.
 */
export class DataFrame implements FrameLike {
  /** For this package's own use. */
  readonly table: Table;

  /** Use `DataFrame.from`. */
  constructor(table: Table) {
    this.table = table;
  }

  /**
   * A frame of danfo's or ours, of records (a row each), or of a record of columns.
   *
   * @param index A label for each row; their numbers from 0 unless given.
   * @throws InvalidArgumentError for columns of mixed kinds or of different lengths, which it names.
   */
  static from(value: DataFrameInput, { index }: { readonly index?: readonly RowLabel[] } = {}): DataFrame {
    const table = tableOf(value);
    return new DataFrame(index === undefined ? table : makeTable(table.names, table.columns, index, table.origins));
  }

  /**
   * The frame in the bytes of an Arrow IPC stream, such as pyarrow writes.
   *
   * @throws InvalidArgumentError for other bytes, and for types that no column holds.
   */
  static fromArrow(bytes: Uint8Array): DataFrame {
    return new DataFrame(readArrow(bytes));
  }

  /** Joins rows, with their labels. Columns are joined by name. Changes none of the frames, which danfo's `concat` does. */
  static concat(frames: readonly DataFrameInput[]): DataFrame {
    return new DataFrame(concatTables(tablesOf(frames)));
  }

  /** True for a DataFrame of this class, also one of another installed copy of this package. */
  static isDataFrame(value: unknown): value is DataFrame {
    return typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  }

  /** By it, frames of another installed copy of this package are recognised. */
  get [BRAND](): true {
    return true;
  }

  /** Names of the columns, in order. */
  get columns(): string[] {
    return [...this.table.names];
  }

  /** Dtype of each column, in order. */
  get dtypes(): ColumnDtype[] {
    return this.table.columns.map(({ dtype }) => dtype);
  }

  /** A label for each row. */
  get index(): RowLabel[] {
    return labelsOf(this.table);
  }

  /** `[rows, columns]`. */
  get shape(): [number, number] {
    return [this.table.rows, this.table.names.length];
  }

  /** A list for each row, made anew each time. */
  get values(): CellValue[][] {
    return rowsOf(this.table);
  }

  /**
   * One column.
   *
   * @throws InvalidArgumentError when there is none of that name.
   */
  column(name: string): Series {
    return new Series(this.#pick([name]));
  }

  /** These columns, in this order. */
  select(names: readonly string[]): DataFrame {
    return new DataFrame(this.#pick(names));
  }

  /** The rows from `start` to `end`, which is not among them. */
  slice(start: number, end: number = this.table.rows): DataFrame {
    const { rows } = this.table;
    if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end >= start && end <= rows)) {
      throw new InvalidArgumentError(`There are no rows ${start} to ${end} in a frame of ${rows}.`);
    }
    return new DataFrame(copyTable(viewTable(this.table, start, end)));
  }

  /** The same rows, labels and caller, with other columns. What a Runnable makes its answer with. */
  withColumns(columns: ColumnRecord): DataFrame {
    const names = Object.keys(columns);
    const { index, origins, rows } = this.table;
    const made = makeTable(names, names.map((name) => readColumn(columns[name] as ArrayLike<unknown>, name)), names.length === 0 ? [] : undefined);
    if (made.rows !== rows) throw new InvalidArgumentError(`The columns have ${made.rows} values for ${rows} rows: give one for each row.`);
    return new DataFrame({ ...made, index, origins: withoutWhole(origins, names) });
  }

  /** A record for each row. */
  toRecords(): Record<string, CellValue>[] {
    const { names } = this.table;
    return this.values.map((row) => Object.fromEntries(names.map((name, place) => [name, row[place] as CellValue])));
  }

  /**
   * Numbers and bools as an array [rows, columns]; what is missing becomes NaN.
   *
   * @throws InvalidArgumentError for columns of text or dates, and for int64 beyond 2^53.
   */
  toNdArray(dtype: "float32" | "float64" = "float32"): NdArray<"float32"> | NdArray<"float64"> {
    return columnsAsArray(this.table, dtype);
  }

  /** The bytes of an Arrow IPC stream: dtypes, nulls and the index are kept. */
  toArrow(): Uint8Array {
    return writeArrow({ ...this.table, origins: undefined });
  }

  /** Of the class that the rows' caller gave, when this is the caller's thread; otherwise itself. */
  inCallersClass(): FrameLike {
    return (restoredFrame(this.table, "frame") as FrameLike | undefined) ?? this;
  }

  #pick(names: readonly string[]): Table {
    const { columns, rows, index, origins } = this.table;
    const picked = names.map((name) => columns[placeOf(this.table, name)] as (typeof columns)[number]);
    return { ...makeTable(names, picked, names.length === 0 ? [] : undefined), rows, index, origins };
  }
}

/** Of several values at once, which are cheaper to join then. */
export function tablesOf(values: readonly DataFrameInput[]): Table[] {
  const areForeign = values.every((value): value is FrameLike => !DataFrame.isDataFrame(value) && isForeignFrame(value));
  return areForeign ? readForeignFrames(values) : values.map(tableOf);
}

function tableOf(value: DataFrameInput): Table {
  if (DataFrame.isDataFrame(value)) return value.table;
  if (isForeignFrame(value)) return readForeignFrame(value);
  if (Array.isArray(value)) return tableOfRecords(value as readonly unknown[]);
  if (typeof value === "object" && (value as unknown) !== null) return tableOfColumns(value as ColumnRecord);
  throw new InvalidArgumentError(`A value of type ${typeof value} is no frame: pass a DataFrame, a list of records, or a record of columns.`);
}

function tableOfRecords(records: readonly unknown[]): Table {
  const names = new Set<string>();
  for (const [row, record] of records.entries()) {
    if (typeof record !== "object" || record === null || Array.isArray(record)) {
      throw new InvalidArgumentError(`Row ${row} of a list of records is ${record === null ? "null" : Array.isArray(record) ? "a list" : `of type ${typeof record}`}: it must be a record, such as { height: 5.1 }.`);
    }
    for (const name of Object.keys(record)) names.add(name);
  }
  const known = [...names];
  return makeTable(known, known.map((name) => readColumn(records.map((record) => (record as Record<string, unknown>)[name]), name)));
}

function tableOfColumns(columns: ColumnRecord): Table {
  const names = Object.keys(columns);
  const read = names.map((name) => {
    const values: unknown = columns[name];
    if (Array.isArray(values) || ArrayBuffer.isView(values)) return readColumn(values as unknown as ArrayLike<unknown>, name);
    throw new InvalidArgumentError(`Column "${name}" is of type ${typeof values}: it must be a list or a typed array. A single record is one row of a list: [{ … }].`);
  });
  return makeTable(names, read);
}
