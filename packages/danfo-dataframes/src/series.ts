import { InvalidArgumentError } from "bentoml-core";
import type { CellValue, ColumnDtype } from "./column-dtype.js";
import type { Column } from "./column.js";
import { isForeignSeries, readForeignSeries, restoredFrame, type FrameLike } from "./foreign-frame.js";
import { readColumn } from "./read-column.js";
import { concatTables, labelsOf, makeTable, type RowLabel, type Table } from "./table.js";

/** Two installed copies of this package recognise each other's series by it. */
const BRAND: unique symbol = Symbol.for("bentoml.Series") as never;

/** What a series is made of: one of danfo's or ours, a list, or a typed array. */
export type SeriesInput = Series | FrameLike | ArrayLike<unknown>;

/** One column with the fields that danfo's Series has. Never changed once it is made. */
export class Series implements FrameLike {
  /** For this package's own use: a table of one column. */
  readonly table: Table;

  /** Use `Series.from`. */
  constructor(table: Table) {
    this.table = table;
  }

  /**
   * The values of a Series of danfo's or ours, with their labels, or of a list.
   *
   * @param name The column's. Default "0", as in danfo.
   * @throws InvalidArgumentError for values of mixed kinds.
   */
  static from(value: SeriesInput, { name, index }: { readonly name?: string; readonly index?: readonly RowLabel[] } = {}): Series {
    const table = tableOf(value);
    if (name === undefined && index === undefined) return new Series(table);
    return new Series(makeTable([name ?? table.names[0]], table.columns, index ?? table.index, table.origins));
  }

  /** Joins values, with their labels, under the name of the first. */
  static concat(parts: readonly SeriesInput[]): Series {
    return new Series(concatSeries(parts.map(tableOf)));
  }

  /** True for a Series of this class, also one of another installed copy of this package. */
  static isSeries(value: unknown): value is Series {
    return typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  }

  /** By it, Series of another installed copy of this package are recognised. */
  get [BRAND](): true {
    return true;
  }

  /** The column's name. */
  get name(): string {
    return this.table.names[0] as string;
  }

  /** The name, as a list. */
  get columns(): string[] {
    return [this.name];
  }

  /** The dtype, as a list. */
  get dtypes(): ColumnDtype[] {
    return [this.#column.dtype];
  }

  /** A label for each value. */
  get index(): RowLabel[] {
    return labelsOf(this.table);
  }

  /** `[values]`. */
  get shape(): [number] {
    return [this.table.rows];
  }

  /** Made anew each time. */
  get values(): CellValue[] {
    return this.#column.toArray();
  }

  /** Of the class that the values' caller gave, when this is the caller's thread; otherwise itself. */
  inCallersClass(): FrameLike {
    return (restoredFrame(this.table, "series") as FrameLike | undefined) ?? this;
  }

  get #column(): Column {
    return this.table.columns[0] as Column;
  }
}

/** Tables of one column each; their names need not be the same. */
export function concatSeries(tables: readonly Table[]): Table {
  const names = tables[0]?.names ?? [];
  return concatTables(tables.map((table) => ({ ...table, names })));
}

function tableOf(value: SeriesInput): Table {
  if (Series.isSeries(value)) return value.table;
  if (isForeignSeries(value)) return readForeignSeries(value);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return makeTable(["0"], [readColumn(value as ArrayLike<unknown>, "0")]);
  throw new InvalidArgumentError(`A value of type ${typeof value} is no series: pass a Series, a list, or a typed array.`);
}
