import { Column } from "../column.js";
import type { Table } from "../table.js";
import type { FittedMinMaxScaler, FittedStandardScaler } from "./fitted-steps.js";
import { columnOf, numbersIn, presentNumbers, replaceColumns } from "./step-columns.js";
import type { MinMaxScaler, StandardScaler } from "./steps.js";

/**
 * Mean and population deviation of each column, without what is missing, as scikit-learn's `StandardScaler` has them: two passes
 * with the correction of Chan, Golub and LeVeque (1983), and scale 1 where the deviation is within the error of that.
 */
export function fitStandardScaler({ withMean = true, withStd = true }: StandardScaler, names: readonly string[], table: Table): FittedStandardScaler {
  const fitted = names.map((column) => {
    const values = presentNumbers(table, column);
    const mean = sum(values) / values.length;
    return { column, mean: withMean ? mean : 0, scale: withStd ? deviation(values, mean) : 1 };
  });
  return { kind: "standardScaler", fitted };
}

function deviation(values: Float64Array, mean: number): number {
  const count = values.length;
  const offsets = values.map((value) => value - mean);
  const variance = (sum(offsets.map((offset) => offset * offset)) - sum(offsets) ** 2 / count) / count;
  const bound = count * Number.EPSILON * variance + (count * mean * Number.EPSILON) ** 2;
  return variance <= bound ? 1 : Math.sqrt(variance);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

export function applyStandardScaler({ fitted }: FittedStandardScaler, table: Table): Table {
  return mapNumbers(table, fitted, (value, { mean, scale }) => (value - mean) / scale);
}

/** As scikit-learn's `MinMaxScaler`: a column of one value counts as if it were 1 wide. */
export function fitMinMaxScaler({ range: [low, high] = [0, 1], clip = false }: MinMaxScaler, names: readonly string[], table: Table): FittedMinMaxScaler {
  const fitted = names.map((column) => {
    const values = presentNumbers(table, column);
    const smallest = values.reduce((least, value) => Math.min(least, value));
    const width = values.reduce((most, value) => Math.max(most, value)) - smallest;
    const scale = (high - low) / (width < 10 * Number.EPSILON ? 1 : width);
    return { column, scale, offset: low - smallest * scale };
  });
  return { kind: "minMaxScaler", ...(clip ? { clip: [low, high] as const } : {}), fitted };
}

export function applyMinMaxScaler({ fitted, clip: [least, most] = [-Infinity, Infinity] }: FittedMinMaxScaler, table: Table): Table {
  return mapNumbers(table, fitted, (value, { scale, offset }) => Math.min(Math.max(value * scale + offset, least), most));
}

/** Each number of the columns by what was learnt of its column; what is missing stays missing. */
function mapNumbers<Fitted extends { readonly column: string }>(table: Table, fitted: readonly Fitted[], map: (value: number, fitted: Fitted) => number): Table {
  const replacements = fitted.map((own) => {
    const { missing } = columnOf(table, own.column);
    const data = numbersIn(table, own.column).map((value) => map(value, own));
    return [own.column, [{ name: own.column, column: new Column("float64", data, missing) }]] as const;
  });
  return replaceColumns(table, new Map(replacements));
}
