import { InvalidArgumentError } from "bentoml-core";
import type { CellValue } from "./column-dtype.js";
import { inOnePiece, unwrittenMemory, zeroedMemory } from "./column-memory.js";
import { concatColumns, type Column } from "./column.js";
import { joinOrigins, sliceOrigins, type Origins } from "./origins.js";

/** What stands for a row: its number or a name. */
export type RowLabel = number | string;

/** Columns of one length beside each other: what frames and series are made of. */
export interface Table {
  /** Of the columns, in order. */
  readonly names: readonly string[];
  readonly columns: readonly Column[];
  readonly rows: number;
  /** A label for each row; undefined for their numbers from 0. */
  readonly index: readonly RowLabel[] | undefined;
  /** Which callers the rows came from; undefined when all are ours. */
  readonly origins: Origins | undefined;
}

/**
 * Checks what fits together.
 *
 * @throws InvalidArgumentError for columns of different lengths, a name that is there twice or is no text, and an index of another length.
 */
export function makeTable(names: readonly unknown[], columns: readonly Column[], index?: ArrayLike<unknown>, origins?: Origins): Table {
  const rows = columns[0]?.length ?? index?.length ?? 0;
  const texts = checkNames(names);
  if (texts.length !== columns.length) throw new InvalidArgumentError(`There are ${columns.length} columns, but ${texts.length} names: give one for each.`);
  for (const [place, { length }] of columns.entries()) {
    if (length === rows) continue;
    throw new InvalidArgumentError(`Columns must be of one length, but "${String(texts[0])}" has ${rows} values and "${String(texts[place])}" has ${length}.`);
  }
  return { names: texts, columns, rows, index: index === undefined ? undefined : checkIndex(index, rows), origins };
}

function checkNames(names: readonly unknown[]): string[] {
  const texts = names.map((name) => {
    if (typeof name === "string" || typeof name === "number") return String(name);
    throw new InvalidArgumentError(`A column's name is of type ${typeof name}: it must be text.`);
  });
  const twice = texts.find((name, place) => texts.indexOf(name) !== place);
  if (twice === undefined) return texts;
  throw new InvalidArgumentError(`There are two columns called "${twice}": names of columns must differ.`);
}

function checkIndex(index: ArrayLike<unknown>, rows: number): readonly RowLabel[] | undefined {
  if (index.length !== rows) throw new InvalidArgumentError(`The index has ${index.length} labels for ${rows} rows: give one for each row.`);
  if (areNumbers(index)) return undefined;
  return Array.from(index, (label, row) => {
    if (typeof label === "string") return label;
    // -0 is the label 0.
    if (typeof label === "number" && Number.isFinite(label)) return label === 0 ? 0 : label;
    throw new InvalidArgumentError(`Label ${row} of the index is ${typeof label === "number" ? String(label) : `of type ${typeof label}`}: labels are finite numbers or text.`);
  });
}

/** Undefined where the labels are the rows' numbers from 0. */
function unlessNumbers(labels: readonly RowLabel[]): readonly RowLabel[] | undefined {
  return areNumbers(labels) ? undefined : labels;
}

function areNumbers(labels: ArrayLike<unknown>): boolean {
  for (let row = 0; row < labels.length; row++) if (labels[row] !== row) return false;
  return true;
}

/** The label of each row. */
export function labelsOf({ index, rows }: Table): RowLabel[] {
  return index === undefined ? numbersFrom(0, rows) : [...index];
}

/** The values row by row. */
export function rowsOf({ columns, rows }: Table): CellValue[][] {
  const numbers = columns.every(({ dtype, missing }) => dtype === "float64" && missing === undefined);
  return numbers ? rowsOfNumbers(columns.map(({ data }) => data as Float64Array), rows) : rowsOfCells(columns, rows);
}

/** Frames of nothing but numbers are common: by a copy of a list of numbers a row takes one allocation, and its cells none. */
function rowsOfNumbers(columns: readonly Float64Array[], rows: number): number[][] {
  const pattern = columns.map(() => 0.5);
  const made: number[][] = [];
  for (let row = 0; row < rows; row++) {
    const cells = pattern.slice();
    for (let place = 0; place < cells.length; place++) cells[place] = (columns[place] as Float64Array)[row] as number;
    made.push(cells);
  }
  return made;
}

function rowsOfCells(columns: readonly Column[], rows: number): CellValue[][] {
  const lists = columns.map((column) => column.toArray());
  const made: CellValue[][] = [];
  for (let row = 0; row < rows; row++) made.push(lists.map((list) => list[row] as CellValue));
  return made;
}

/**
 * @returns The place of the column.
 * @throws InvalidArgumentError when there is none of that name, with the names that there are.
 */
export function placeOf({ names }: Table, name: string): number {
  const place = names.indexOf(name);
  if (place >= 0) return place;
  const known = names.slice(0, 20).map((other) => JSON.stringify(other));
  throw new InvalidArgumentError(
    `There is no column ${JSON.stringify(name)}; the frame has ${known.length === 0 ? "none" : known.join(", ")}${names.length > 20 ? ` and ${names.length - 20} more` : ""}.`,
  );
}

/** The rows from `start` to `end`, with their labels, in the same memory. */
export function viewTable({ names, columns, rows, index, origins }: Table, start: number, end: number): Table {
  if (start === 0 && end === rows) return { names, columns, rows, index, origins };
  const labels = index?.slice(start, end) ?? numbersFrom(start, end);
  return {
    names,
    columns: columns.map((column) => column.view(start, end)),
    rows: end - start,
    index: unlessNumbers(labels),
    origins: sliceOrigins(origins, start, end),
  };
}

/** In memory of its own. */
export function copyTable(table: Table): Table {
  const allocate = inOnePiece(table.columns, unwrittenMemory);
  return { ...table, columns: table.columns.map((column) => column.copy(allocate)) };
}

/**
 * One below the other, with the labels that the rows have. Columns are joined by name, in the order of the first.
 *
 * @throws InvalidArgumentError for other columns or dtypes, which it names.
 */
export function concatTables(tables: readonly Table[]): Table {
  const [first] = tables;
  if (first === undefined) throw new InvalidArgumentError("No frames were given to be joined: pass at least one.");
  const ordered = tables.map((table) => columnsInOrder(table, first.names));
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const allocate = inOnePiece(first.columns.map(({ dtype }) => ({ dtype, length: rows })), zeroedMemory);
  return {
    names: first.names,
    columns: first.names.map((name, place) => concatColumns(ordered.map((columns) => columns[place] as Column), name, allocate)),
    rows,
    index: tables.length === 1 ? first.index : joinLabels(tables),
    origins: joinOrigins(tables.map(({ origins, rows }) => origins ?? [{ token: undefined, rows }])),
  };
}

function columnsInOrder(table: Table, names: readonly string[]): readonly Column[] {
  if (table.names.length === names.length && names.every((name, place) => table.names[place] === name)) return table.columns;
  const lacking = names.find((name) => !table.names.includes(name));
  const extra = table.names.find((name) => !names.includes(name));
  if (lacking === undefined && extra === undefined) return names.map((name) => table.columns[table.names.indexOf(name)] as Column);
  throw new InvalidArgumentError(
    `Frames of different columns cannot be joined: ${lacking === undefined ? `"${String(extra)}" is not in the first of them` : `"${lacking}" is in the first and not in another`}.`,
  );
}

function joinLabels(tables: readonly Table[]): readonly RowLabel[] | undefined {
  const filled = tables.filter(({ rows }) => rows > 0);
  if (filled.length <= 1) return filled[0]?.index;
  const labels: RowLabel[] = [];
  // By loops: a batch has many thousand rows, every call pays for them, and where Arrow is loaded concat is slow.
  for (const { index, rows } of filled) {
    if (index === undefined) for (let row = 0; row < rows; row++) labels.push(row);
    else for (const label of index) labels.push(label);
  }
  return unlessNumbers(labels);
}

function numbersFrom(start: number, end: number): number[] {
  const numbers: number[] = [];
  for (let number = start; number < end; number++) numbers.push(number);
  return numbers;
}
