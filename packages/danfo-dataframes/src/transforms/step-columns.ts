import { InvalidArgumentError } from "bentoml-core";
import type { Column } from "../column.js";
import { numbersOf } from "../column-numbers.js";
import { withoutWhole } from "../origins.js";
import { makeTable, placeOf, type Table } from "../table.js";

/** A column and what it is called. */
export interface NamedColumn {
  readonly name: string;
  readonly column: Column;
}

export function columnOf(table: Table, name: string): Column {
  return table.columns[placeOf(table, name)] as Column;
}

/** The table with other columns in the place of some. */
export function replaceColumns(table: Table, replacements: ReadonlyMap<string, readonly NamedColumn[]>): Table {
  const named = table.names.flatMap((name, place) => replacements.get(name) ?? [{ name, column: table.columns[place] as Column }]);
  const made = makeTable(named.map(({ name }) => name), named.map(({ column }) => column));
  return { ...made, rows: table.rows, index: table.index, origins: withoutWhole(table.origins, replacements.keys()) };
}

/** The numbers of a column, NaN where there is none; bools count as 0 and 1. */
export function numbersIn(table: Table, name: string): Float64Array {
  return numbersOf(columnOf(table, name), name);
}

/**
 * Those that are there.
 *
 * @throws InvalidArgumentError when there are none, since nothing can be learnt of them.
 */
export function presentNumbers(table: Table, name: string): Float64Array {
  const present = numbersIn(table, name).filter((value) => !Number.isNaN(value));
  if (present.length > 0) return present;
  throw new InvalidArgumentError(`Column "${name}" has no value to fit with: leave it out, or fill it with a value of your own.`);
}
