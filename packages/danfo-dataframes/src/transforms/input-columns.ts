import { InvalidArgumentError } from "bentoml-core";
import { Column } from "../column.js";
import { allocateColumn, isNumeric, type ColumnDtype } from "../column-dtype.js";
import { numbersOf } from "../column-numbers.js";
import { placeOf, type Table } from "../table.js";

/** What a column that a pipeline reads must hold: numbers of any dtype, bools, text or dates. */
export type InputKind = "number" | "bool" | "string" | "datetime";

/** A column that a pipeline reads. */
export interface PipelineInput {
  /** The column's name. */
  readonly name: string;
  /** What its values must be. */
  readonly kind: InputKind;
}

export function kindOf(dtype: ColumnDtype): InputKind {
  return isNumeric(dtype) ? "number" : (dtype as "bool" | "string" | "datetime");
}

/**
 * The columns that the pipeline reads, in its order and with numbers as float64, so that frames of all callers can be joined. Others
 * are left aside.
 *
 * @throws InvalidArgumentError for a column that is not there, has values of another kind, or an infinite number; it names the column.
 */
export function inputColumns(table: Table, inputs: readonly PipelineInput[]): Table {
  const columns = inputs.map(({ name, kind }) => inputColumn(table.columns[placeOf(table, name)] as Column, kind, name));
  return { ...table, names: inputs.map(({ name }) => name), columns };
}

function inputColumn(column: Column, kind: InputKind, name: string): Column {
  const { dtype, missing, length } = column;
  const isEmpty = missing === undefined ? length === 0 : !missing.includes(0);
  if (kindOf(dtype) !== kind) {
    if (isEmpty) return new Column(kind === "number" ? "float64" : kind, allocateColumn(kind === "number" ? "float64" : kind, length), missing);
    throw new InvalidArgumentError(`Column "${name}" is of dtype ${dtype}, but the pipeline was fitted with ${described[kind]}: send it as ${described[kind]}.`);
  }
  return kind === "number" ? new Column("float64", finite(numbersOf(column, name), name), missing) : column;
}

const described: Readonly<Record<InputKind, string>> = { number: "numbers", bool: "true and false", string: "text", datetime: "Dates" };

function finite(values: Float64Array, name: string): Float64Array {
  const row = values.findIndex((value) => Math.abs(value) === Infinity);
  if (row < 0) return values;
  throw new InvalidArgumentError(`Row ${row} of column "${name}" is ${String(values[row])}: numbers must be finite, or null or NaN where there is none.`);
}
