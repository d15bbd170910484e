import { InvalidArgumentError } from "bentoml-core";
import { Column, someMissing } from "../column.js";
import type { Table } from "../table.js";
import { categoriesOf, placesOf, unknownCategory } from "./category.js";
import type { FittedOneHot, FittedOrdinal } from "./fitted-steps.js";
import { columnOf, replaceColumns, type NamedColumn } from "./step-columns.js";
import type { Category, CategoryLists, OneHotEncoder, OrdinalEncoder } from "./steps.js";

/** As scikit-learn's `OneHotEncoder`, where a missing value is a category too. */
export function fitOneHot({ categories, unknown = "error" }: OneHotEncoder, names: readonly string[], table: Table): FittedOneHot {
  return { kind: "oneHot", unknown, fitted: listsOf(names, categories, table, true) };
}

/** As scikit-learn's `OrdinalEncoder`, which leaves missing values as they are. */
export function fitOrdinal({ categories, unknown = "error" }: OrdinalEncoder, names: readonly string[], table: Table): FittedOrdinal {
  const fitted = listsOf(names, categories, table, false);
  const taken = fitted.find((own) => typeof unknown === "number" && Number.isInteger(unknown) && unknown >= 0 && unknown < own.categories.length);
  if (taken === undefined) return { kind: "ordinal", unknown, fitted };
  throw new InvalidArgumentError(`unknown is ${String(unknown)}, which is the number of a category of column "${taken.column}": take one below 0.`);
}

function listsOf(names: readonly string[], given: CategoryLists = {}, table: Table, withMissing: boolean): { readonly column: string; readonly categories: readonly Category[] }[] {
  const stray = Object.keys(given).find((name) => !names.includes(name));
  if (stray !== undefined) throw new InvalidArgumentError(`There are categories for column "${stray}", which the step does not encode.`);
  return names.map((column) => {
    const { dtype } = columnOf(table, column);
    if (dtype === "datetime") throw new InvalidArgumentError(`Column "${column}" is of dtype datetime, which has no categories: make text or numbers of it first.`);
    const categories = given[column] ?? categoriesOf(columnOf(table, column));
    const kept = withMissing ? categories : categories.filter((category) => category !== null);
    if (kept.length > 0) return { column, categories: kept };
    throw new InvalidArgumentError(`Column "${column}" has no value to fit with: leave it out, or give its categories.`);
  });
}

export function applyOneHot({ fitted, unknown }: FittedOneHot, table: Table): Table {
  const replacements = fitted.map(({ column: name, categories }) => {
    const places = knownPlaces(columnOf(table, name), name, categories, unknown === "ignore", 'unknown: "ignore"');
    return [name, categories.map((category, place) => indicator(`${name}_${category === null ? "nan" : String(category)}`, places, place))] as const;
  });
  return replaceColumns(table, new Map(replacements));
}

function indicator(name: string, places: Int32Array, place: number): NamedColumn {
  return { name, column: new Column("float64", Float64Array.from(places, (own) => (own === place ? 1 : 0)), undefined) };
}

export function applyOrdinal({ fitted, unknown }: FittedOrdinal, table: Table): Table {
  const replacements = fitted.map(({ column: name, categories }) => {
    const column = columnOf(table, name);
    // A category of its own for what is missing, so that it is not unknown.
    const places = knownPlaces(column, name, [...categories, null], unknown !== "error", "a number for unknown");
    const numbers = Float64Array.from(places, (place) => (place < 0 ? Number(unknown) : place));
    const missing = someMissing(Uint8Array.from(places, (place) => (place === categories.length ? 1 : 0)));
    return [name, [{ name, column: new Column("float64", numbers, missing) }]] as const;
  });
  return replaceColumns(table, new Map(replacements));
}

function knownPlaces(column: Column, name: string, categories: readonly Category[], unknownAllowed: boolean, cure: string): Int32Array {
  const places = placesOf(column, categories);
  const row = unknownAllowed ? -1 : places.indexOf(-1);
  if (row < 0) return places;
  throw unknownCategory(column, row, name, categories, cure);
}
