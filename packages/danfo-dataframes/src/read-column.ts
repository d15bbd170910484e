import { InvalidArgumentError } from "bentoml-core";
import { Column, someMissing } from "./column.js";
import { allocateColumn, dtypeOfNumbers, type ColumnData, type ColumnDtype } from "./column-dtype.js";

/** What the values of a column have in common. */
type Kind = "number" | "bigint" | "bool" | "string" | "datetime";

/**
 * A column of a typed array, whose memory it copies, or of a list. In lists null and undefined are missing, and so is NaN where
 * the other values are no numbers; among numbers NaN stays itself. Numbers are float64, as JavaScript has them, and bigints int64.
 *
 * @param name For messages.
 * @param dtypeOfNothing Of a list without any value (NaN is none, unless this is float64).
 * @throws InvalidArgumentError for a list of mixed kinds, or of what no column holds; it names the row.
 */
export function readColumn(values: ArrayLike<unknown>, name: string, dtypeOfNothing: ColumnDtype = "float64"): Column {
  const dtype = dtypeOfNumbers(values);
  if (dtype !== undefined) return new Column(dtype, (values as Float64Array).slice(), undefined);
  const kind = commonKind(values, name);
  if (dtypeOfNothing !== "float64" && (kind === undefined || (kind === "number" && onlyNaN(values, 0, values.length)))) {
    return new Column(dtypeOfNothing, allocateColumn(dtypeOfNothing, values.length), someMissing(new Uint8Array(values.length).fill(1)));
  }
  return kind === undefined || kind === "number" ? readNumbers(values) : readOthers(values, kind, name);
}

function commonKind(values: ArrayLike<unknown>, name: string): Kind | undefined {
  let kind: Kind | undefined;
  let first = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    const own = kindOf(value, name, row);
    if (own === undefined || own === kind || (Number.isNaN(value) && kind !== undefined)) continue;
    // A NaN alone tells only that the values may be numbers.
    if (kind !== undefined && !(kind === "number" && onlyNaN(values, first, row))) throw mixed(name, [first, kind], [row, own]);
    kind = own;
    first = row;
  }
  return kind;
}

function kindOf(value: unknown, name: string, row: number): Kind | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "string") return typeof value as Kind;
  if (typeof value === "boolean") return "bool";
  if (value instanceof Date) return "datetime";
  throw new InvalidArgumentError(
    `Row ${row} of column "${name}" is ${Array.isArray(value) ? "a list" : `of type ${typeof value}`}: a column holds numbers, bigints, strings, booleans or Dates, and null where there is none.`,
  );
}

function onlyNaN(values: ArrayLike<unknown>, start: number, end: number): boolean {
  for (let row = start; row < end; row++) {
    const value = values[row];
    if (value !== null && value !== undefined && !Number.isNaN(value)) return false;
  }
  return true;
}

function mixed(name: string, [first, firstKind]: readonly [number, Kind], [row, kind]: readonly [number, Kind]): InvalidArgumentError {
  return new InvalidArgumentError(
    `Column "${name}" is mixed: row ${first} is a ${firstKind} and row ${row} a ${kind}. A column holds values of one kind: convert them first.`,
  );
}

function readNumbers(values: ArrayLike<unknown>): Column {
  const data = new Float64Array(values.length);
  const missing = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (value === null || value === undefined) missing[row] = 1;
    else data[row] = value as number;
  }
  return new Column("float64", data, someMissing(missing));
}

const dtypesOfKinds = { bigint: "int64", bool: "bool", string: "string", datetime: "datetime" } as const;

function readOthers(values: ArrayLike<unknown>, kind: Exclude<Kind, "number">, name: string): Column {
  const dtype = dtypesOfKinds[kind];
  const data = allocateColumn(dtype, values.length) as (number | bigint | string)[];
  const missing = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (typeof value === "string") data[row] = value;
    else if (typeof value === "bigint") data[row] = checkedInt64(value, name, row);
    else if (typeof value === "boolean" || (value instanceof Date && !Number.isNaN(value.getTime()))) data[row] = Number(value);
    else missing[row] = 1;
  }
  return new Column(dtype, data as ColumnData, someMissing(missing));
}

function checkedInt64(value: bigint, name: string, row: number): bigint {
  if (BigInt.asIntN(64, value) === value) return value;
  throw new InvalidArgumentError(`Row ${row} of column "${name}" is ${String(value)}, which does not fit in int64: use numbers or strings.`);
}
