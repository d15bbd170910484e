import type { ColumnDtype } from "./column-dtype.js";
import type { Column } from "./column.js";
import { classOf, tokenOf, type ForeignClass } from "./origins.js";
import { readColumn } from "./read-column.js";
import { readNumberRows, readNumbersAt } from "./read-number-rows.js";
import { makeTable, rowsOf, type RowLabel, type Table } from "./table.js";

/** A DataFrame of danfojs or danfojs-node, or another class that looks like it. `values` has a list for each row. */
export interface FrameLike {
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** Dtype of each column, such as "float32" or "string". */
  readonly dtypes: readonly string[];
  /** A label for each row. */
  readonly index: readonly (number | string)[];
  /** A list for each row; of a Series, the values. */
  readonly values: readonly unknown[];
}

/** danfo's names of dtypes; it has no others. */
type DanfoDtype = "boolean" | "datetime" | "float32" | "int32" | "string";

const danfoDtypes: Readonly<Record<ColumnDtype, DanfoDtype>> = {
  bool: "boolean",
  int8: "int32",
  int16: "int32",
  int32: "int32",
  int64: "int32",
  uint8: "int32",
  uint16: "int32",
  uint32: "int32",
  uint64: "int32",
  float32: "float32",
  float64: "float32",
  string: "string",
  datetime: "datetime",
};

/** By its looks, so that no library is loaded to tell. A plain record is none: nothing could be made by its class. */
export function isForeignFrame(value: unknown): value is FrameLike {
  return looksLikeNdFrame(value) && !isSeriesOf(value);
}

/** A Series of danfo: one column, whose `values` are a flat list. */
export function isForeignSeries(value: unknown): value is FrameLike {
  return looksLikeNdFrame(value) && isSeriesOf(value);
}

function looksLikeNdFrame(value: unknown): value is FrameLike {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || Array.isArray(value)) return false;
  const owner = classOfValue(value);
  if (typeof owner !== "function" || owner === Object) return false;
  const { columns, dtypes, index, values } = fieldsOf(value);
  return [columns, dtypes, index, values].every(Array.isArray);
}

function isSeriesOf(value: FrameLike & { readonly $isSeries?: unknown }): boolean {
  if (typeof value.$isSeries === "boolean") return value.$isSeries;
  const { columns, values } = fieldsOf(value);
  return columns.length === 1 && values.length > 0 && !Array.isArray(values[0]);
}

/** By the getters of the class where it has them: danfo gives a frame a field for each column, and one may be called "index". */
function fieldsOf(value: object): FrameLike {
  const prototype = Object.getPrototypeOf(value) as object | null;
  const field = (name: keyof FrameLike): unknown =>
    prototype !== null && name in prototype ? Reflect.get(prototype, name, value) : (value as Partial<FrameLike>)[name];
  return { columns: field("columns"), dtypes: field("dtypes"), index: field("index"), values: field("values") } as FrameLike;
}

function classOfValue(value: object): unknown {
  return (Object.getPrototypeOf(value) as { readonly constructor?: unknown } | null)?.constructor;
}

/**
 * What a foreign frame holds: its values, since danfo's own copy by column may be wrong, and its labels.
 *
 * @throws InvalidArgumentError for what no column can hold.
 */
export function readForeignFrame(frame: FrameLike): Table {
  return readForeignFrames([frame])[0] as Table;
}

/** As `readForeignFrame`. Columns of numbers alone lie behind each other in memory, so that to join them copies nothing. */
export function readForeignFrames(frames: readonly FrameLike[]): Table[] {
  const fields = frames.map(fieldsOf);
  const lists = fields.map(({ values }) => values as readonly (readonly unknown[])[]);
  const width = fields[0]?.columns.length ?? 0;
  const numbers = fields.every((frame) => isOfNumbers(frame, width)) ? readNumberRows(lists, width) : undefined;
  return frames.map((frame, place) => {
    const { columns: names, dtypes, index } = fields[place] as FrameLike;
    const columns = numbers?.[place] ?? names.map((name, column) => readCells(lists[place] ?? [], column, name, dtypeOfNothing(dtypes[column])));
    return withOrigin(frame, "frame", makeTable(names, columns, index), dtypes);
  });
}

/** As danfo has it, whose word the values may not keep. */
function isOfNumbers({ columns, dtypes }: FrameLike, width: number): boolean {
  return columns.length === width && dtypes.every((dtype) => dtypeOfNothing(dtype) === "float64");
}

export function readForeignSeries(series: FrameLike): Table {
  const { columns, dtypes, index, values } = fieldsOf(series);
  const name = String(columns[0] ?? 0);
  return withOrigin(series, "series", makeTable([name], [readColumn(values, name, dtypeOfNothing(dtypes[0]))], index), dtypes);
}

function readCells(rows: readonly (readonly unknown[])[], place: number, name: string, whereNothing: ColumnDtype): Column {
  const numbers = whereNothing === "float64" ? readNumbersAt(rows, place) : undefined;
  return numbers ?? readColumn(cellsOf(rows, place), name, whereNothing);
}

function cellsOf(rows: readonly (readonly unknown[])[], place: number): unknown[] {
  const cells: unknown[] = [];
  for (const row of rows) cells.push(row[place]);
  return cells;
}

/** What danfo calls a column tells its dtype where no value does. */
function dtypeOfNothing(danfoDtype: string | undefined): ColumnDtype {
  const found = (["bool", "string", "datetime"] as const).find((dtype) => danfoDtypes[dtype] === danfoDtype);
  return found ?? "float64";
}

export function rowsOfForeign(value: FrameLike): number {
  return fieldsOf(value).values.length;
}

function withOrigin(value: FrameLike, kind: "frame" | "series", table: Table, dtypes: readonly string[]): Table {
  const whole = table.names.filter((_, place) => dtypes[place] === "int32" && table.columns[place]?.dtype === "float64");
  const origin = { token: tokenOf(classOfValue(value) as ForeignClass, kind), rows: table.rows };
  return { ...table, origins: [whole.length === 0 ? origin : { ...origin, whole }] };
}

/**
 * The table in the class that all its rows came from, when this thread knows that class and it can hold them: danfo takes no label
 * twice. Undefined otherwise. A frame is in danfo's low-memory mode, where it holds its values once: the second copy, by column, takes
 * danfo most of its time, and is what danfo's row `concat` corrupts.
 */
export function restoredFrame(table: Table, kind: "frame" | "series"): object | undefined {
  const foreign = ownerOf(table, kind);
  if (foreign === undefined || hasLabelTwice(table)) return undefined;
  const named = { columns: [...table.names], dtypes: danfoDtypesOf(table), config: { lowMemoryMode: true } };
  // The rows' numbers are danfo's own labels; a list of labels it checks, and takes an empty one for too short.
  const options = table.index === undefined || table.rows === 0 ? named : { ...named, index: [...table.index] };
  return new foreign(kind === "series" ? (table.columns[0] as Column).toArray() : rowsOf(table), options);
}

function ownerOf({ origins }: Table, kind: "frame" | "series"): ForeignClass | undefined {
  const token = origins?.length === 1 ? origins[0]?.token : undefined;
  const known = token === undefined ? undefined : classOf(token);
  if (known === undefined || known.kind === kind) return known?.foreign;
  return kind === "series" ? seriesClassOf(known.foreign) : undefined;
}

/** A frame gives its columns as series. */
function seriesClassOf(foreign: ForeignClass): ForeignClass | undefined {
  const frame = new foreign([[0]], { columns: ["a"], dtypes: ["int32"] }) as { readonly column?: (name: string) => unknown };
  const series = frame.column?.("a");
  return isForeignSeries(series) ? (classOfValue(series) as ForeignClass) : undefined;
}

function hasLabelTwice({ index, rows }: Table): boolean {
  if (index === undefined) return false;
  // Frames that were joined mostly begin with one label, which is found sooner than by the labels of the first of them.
  if (index.lastIndexOf(index[0] as RowLabel) > 0) return true;
  const seen = new Set<RowLabel>();
  for (let row = 0; row < rows; row++) if (seen.size === seen.add(index[row] as RowLabel).size) return true;
  return false;
}

/** int32 where the caller's frame has it so and the values still are whole. */
function danfoDtypesOf({ names, columns, origins }: Table): string[] {
  const whole = origins?.[0]?.whole ?? [];
  return columns.map((column, place) => (whole.includes(names[place] as string) && isWhole(column) ? "int32" : danfoDtypes[column.dtype]));
}

function isWhole({ dtype, data }: Column): boolean {
  if (dtype !== "float64") return false;
  // By a loop: `every` takes five times as long.
  for (let row = 0; row < data.length; row++) if (!Number.isInteger(data[row])) return false;
  return true;
}
