import { InvalidArgumentError } from "bentoml-core";

/** How a table is written in JSON, by the names that pandas has for it. */
export type TableOrient = "records" | "columns" | "split";

/** Columns by their names, all of one length. */
export type RawTable = ReadonlyMap<string, readonly unknown[]>;

/**
 * The columns of a JSON value. "records" is a list with a record for each row; "columns" a record with a list, or a record by row
 * label, for each column; "split" is `{ "columns": names, "data": rows }`.
 *
 * @param names What each record must have, no more and no less. Default: what the first one has.
 * @throws InvalidArgumentError that says what was expected.
 */
export function columnsOf(value: unknown, orient: TableOrient, names?: readonly string[]): RawTable {
  if (orient === "records") return ofRecords(value, names);
  return orient === "columns" ? ofColumns(value) : ofSplit(value);
}

/** The JSON value of columns. `index` are the rows' labels: their numbers unless given. */
export function orientedTable(columns: RawTable, orient: TableOrient, index: readonly unknown[] | undefined): unknown {
  const rows = [...columns.values()][0]?.length ?? 0;
  const labels = index ?? Array.from({ length: rows }, (_, row) => row);
  if (orient === "columns") {
    return Object.fromEntries([...columns].map(([name, values]) => [name, Object.fromEntries(labels.map((label, row) => [String(label), values[row]]))]));
  }
  const lists = [...columns.values()];
  const rowsOf = <Row>(make: (row: number) => Row): Row[] => Array.from({ length: rows }, (_, row) => make(row));
  if (orient === "records") return rowsOf((row) => Object.fromEntries([...columns].map(([name, values]) => [name, values[row]])));
  return { columns: [...columns.keys()], index: labels, data: rowsOf((row) => lists.map((values) => values[row])) };
}

function ofRecords(value: unknown, names: readonly string[] | undefined): RawTable {
  if (!Array.isArray(value)) throw wrong('a list with a record for each row, such as [{"height": 1.5}]');
  const records = value as readonly unknown[];
  // Filling up what records lack would make a table of any size from a few bytes: one new column in each of many records.
  const wanted = names ?? (isRecord(records[0]) ? Object.keys(records[0]) : []);
  for (const [row, record] of records.entries()) checkRecord(record, row, wanted);
  return new Map(wanted.map((name) => [name, records.map((record) => (record as Readonly<Record<string, unknown>>)[name])]));
}

function checkRecord(record: unknown, row: number, names: readonly string[]): void {
  if (!isRecord(record)) throw wrong(`a list of records; row ${row} is none`);
  const missing = names.find((name) => !Object.hasOwn(record, name));
  const given = Object.keys(record);
  if (missing === undefined && given.length === names.length) return;
  const what = missing === undefined ? `has "${(given.find((name) => !names.includes(name)) ?? "").slice(0, 80)}" too` : `lacks "${missing.slice(0, 80)}"`;
  throw wrong(`a list of records with the columns ${names.slice(0, 20).join(", ").slice(0, 400)}; row ${row} ${what}`);
}

function ofColumns(value: unknown): RawTable {
  if (!isRecord(value)) throw wrong('a record with a list for each column, such as {"height": [1.5]}');
  const columns = new Map(
    Object.entries(value).map(([name, column]): [string, readonly unknown[]] => {
      if (!Array.isArray(column) && !isRecord(column)) throw wrong(`a list, or a record by row label, for each column; "${name.slice(0, 80)}" is none`);
      return [name, Object.values(column)];
    }),
  );
  return equallyLong(columns);
}

function ofSplit(value: unknown): RawTable {
  const { columns: names, data, index = [] } = isRecord(value) ? value : {};
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string") || !Array.isArray(data) || !Array.isArray(index)) {
    throw wrong('as {"columns": ["height"], "data": [[1.5]]}');
  }
  if (new Set(names).size < names.length) throw wrong("of columns with different names");
  const rows = data as readonly unknown[];
  const short = rows.findIndex((row) => !Array.isArray(row) || row.length !== names.length);
  if (short >= 0) throw wrong(`with a list of ${names.length} values for each row; row ${short} is none`);
  return new Map(names.map((name, place) => [name, rows.map((row) => (row as readonly unknown[])[place])]));
}

function equallyLong(columns: Map<string, readonly unknown[]>): RawTable {
  const [first] = columns;
  const other = [...columns].find(([, values]) => values.length !== first?.[1].length);
  if (first === undefined || other === undefined) return columns;
  throw wrong(`of columns of one length; "${first[0].slice(0, 80)}" has ${first[1].length} values, "${other[0].slice(0, 80)}" has ${other[1].length}`);
}

function wrong(expected: string): InvalidArgumentError {
  return new InvalidArgumentError(`the table must be ${expected}`);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
