import { InvalidArgumentError, NdArray } from "bentoml-core";
import type { Column } from "./column.js";
import { isNumeric } from "./column-dtype.js";
import type { Table } from "./table.js";

/**
 * The numbers of a column, bools as 0 and 1; NaN where there is none.
 *
 * @throws InvalidArgumentError for text and dates, and for integers that no number holds exactly; it names the row.
 */
export function numbersOf(column: Column, name: string): Float64Array {
  const { dtype, data, missing } = column;
  if (Array.isArray(data) || !(isNumeric(dtype) || dtype === "bool")) throw new InvalidArgumentError(`Column "${name}" is of dtype ${dtype}: it must have numbers.`);
  const numbers = new Float64Array(data.length);
  for (let row = 0; row < data.length; row++) {
    const value = data[row] as number | bigint;
    numbers[row] = typeof value === "bigint" ? exactNumber(value, name, row) : value;
  }
  for (let row = 0; missing !== undefined && row < missing.length; row++) if (missing[row] === 1) numbers[row] = NaN;
  return numbers;
}

function exactNumber(value: bigint, name: string, row: number): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError(`Row ${row} of column "${name}" is ${String(value)}, which no float64 holds exactly: integers may be up to 2^53.`);
}

/** All columns as an array [rows, columns]. */
export function columnsAsArray({ names, columns, rows }: Table, dtype: "float32" | "float64"): NdArray<"float32"> | NdArray<"float64"> {
  const data = dtype === "float32" ? new Float32Array(rows * names.length) : new Float64Array(rows * names.length);
  for (const [place, column] of columns.entries()) {
    const numbers = numbersOf(column, names[place] as string);
    for (let row = 0; row < rows; row++) data[row * names.length + place] = numbers[row] as number;
  }
  return new NdArray(dtype, [rows, names.length], data) as NdArray<"float32"> | NdArray<"float64">;
}
