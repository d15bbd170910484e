import { InvalidArgumentError } from "bentoml-core";
import type { Column } from "../column.js";
import type { RecordReader } from "./record-reader.js";
import type { Category } from "./steps.js";

export function isCategory(value: unknown): value is Category {
  return value === null || typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}

/** The field of that name: different categories, one at the least. */
export function checkCategoryList(reader: RecordReader, name: string): readonly Category[] {
  const value = reader.get(name);
  if (Array.isArray(value) && value.length > 0 && value.every(isCategory) && new Set(value).size === value.length) return value;
  throw reader.wrong(name, "a list of different categories: finite numbers, texts, true, false or null");
}

/** What a row is; NaN and null are one category, null. */
export function categoryAt(column: Column, row: number): Category {
  const value = column.at(row) as Category;
  return Number.isNaN(value) ? null : value;
}

/**
 * The different values of a column as scikit-learn sorts them: numbers by size, text by code points, and what is missing last.
 */
export function categoriesOf(column: Column): Category[] {
  const found = new Set<Category>();
  for (let row = 0; row < column.length; row++) found.add(categoryAt(column, row));
  return [...found].sort(compareCategories);
}

/** Of two categories of one kind: which goes first. */
export function compareCategories(left: Category, right: Category): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return typeof left === "string" && typeof right === "string" ? Buffer.compare(Buffer.from(left), Buffer.from(right)) : Number(left) - Number(right);
}

/** The place of each row's category in the list, -1 for one that is not in it. */
export function placesOf(column: Column, categories: readonly Category[]): Int32Array {
  const places = new Map(categories.map((category, place) => [category, place]));
  return Int32Array.from({ length: column.length }, (_, row) => places.get(categoryAt(column, row)) ?? -1);
}

export function unknownCategory(column: Column, row: number, name: string, categories: readonly Category[], cure: string): InvalidArgumentError {
  const known = categories.slice(0, 20).map((category) => JSON.stringify(category));
  return new InvalidArgumentError(
    `Row ${row} of column "${name}" is ${JSON.stringify(categoryAt(column, row))}, a category that was not there when the pipeline was fitted; ` +
      `it knows ${known.join(", ")}${categories.length > 20 ? ` and ${categories.length - 20} more` : ""}. Send one of them, or fit with ${cure}.`,
  );
}
