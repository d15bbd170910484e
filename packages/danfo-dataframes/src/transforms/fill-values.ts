import { InvalidArgumentError } from "bentoml-core";
import { Column } from "../column.js";
import { allocateColumn, type ColumnData } from "../column-dtype.js";
import type { Table } from "../table.js";
import { categoriesOf, categoryAt } from "./category.js";
import type { FittedFill } from "./fitted-steps.js";
import { columnOf, presentNumbers, replaceColumns } from "./step-columns.js";
import type { FillValues } from "./steps.js";

type Filling = FittedFill["fitted"][number]["value"];

/** As scikit-learn's `SimpleImputer`. */
export function fitFill({ strategy, value }: FillValues, names: readonly string[], table: Table): FittedFill {
  return { kind: "fill", fitted: names.map((column) => ({ column, value: checkFilling(value ?? learnt(strategy, column, table), columnOf(table, column), column) })) };
}

function learnt(strategy: FillValues["strategy"], name: string, table: Table): Filling {
  if (strategy === "mostFrequent") return mostFrequent(columnOf(table, name), name);
  const { dtype } = columnOf(table, name);
  if (dtype !== "float64") throw new InvalidArgumentError(`Column "${name}" is of dtype ${dtype} and has no ${strategy ?? "mean"}: use strategy "mostFrequent", or a value.`);
  const values = presentNumbers(table, name);
  return strategy === "median" ? median(values) : values.reduce((total, value) => total + value, 0) / values.length;
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

function mostFrequent(column: Column, name: string): Filling {
  const counts = new Map(categoriesOf(column).map((category) => [category, 0]));
  for (let row = 0; row < column.length; row++) {
    const category = categoryAt(column, row);
    counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  counts.delete(null);
  // The categories are sorted, and a stable sort keeps the smallest of those that are equally frequent first.
  const [first] = [...counts].sort(([, left], [, right]) => right - left);
  if (first !== undefined) return first[0] as Filling;
  throw new InvalidArgumentError(`Column "${name}" has no value to fit with: fill it with a value of your own.`);
}

function checkFilling(value: Filling, { dtype }: Column, name: string): Filling {
  const wanted = dtype === "float64" ? "number" : dtype === "bool" ? "boolean" : dtype;
  if (typeof value === wanted) return value;
  throw new InvalidArgumentError(`Column "${name}" is of dtype ${dtype} and cannot be filled with ${JSON.stringify(value)}: ${wanted === "datetime" ? "dates cannot be filled" : `give a ${wanted}`}.`);
}

export function applyFill({ fitted }: FittedFill, table: Table): Table {
  return replaceColumns(table, new Map(fitted.map(({ column: name, value }) => [name, [{ name, column: filled(columnOf(table, name), value, name) }]])));
}

function filled(column: Column, value: Filling, name: string): Column {
  checkFilling(value, column, name);
  const data = allocateColumn(column.dtype, column.length) as (number | bigint | string)[];
  const filling = typeof value === "boolean" ? Number(value) : value;
  for (let row = 0; row < column.length; row++) data[row] = categoryAt(column, row) === null ? filling : (column.data[row] as number | string);
  return new Column(column.dtype, data as ColumnData, undefined);
}
