import { InvalidArgumentError } from "bentoml-core";
import type { JsonSchema } from "./descriptor.js";

/** What the values of a column are in JSON; null where there is none. */
export type ColumnKind = "number" | "integer" | "string" | "boolean";
/** A value of a table. */
export type Cell = string | number | boolean | null;
/** What a column of a kind holds. */
export type CellOf<Kind extends ColumnKind> = (Kind extends "string" ? string : Kind extends "boolean" ? boolean : number) | null;
/** The columns of a table: names alone, or what each holds. */
export type ColumnRules = readonly string[] | Readonly<Record<string, ColumnKind>>;

const checks: Readonly<Record<ColumnKind, (value: unknown) => boolean>> = {
  number: (value) => typeof value === "number" && Number.isFinite(value),
  integer: (value) => Number.isSafeInteger(value),
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
};

/** A plain value that is no list and no record; infinities come of numbers that are too large. */
function isCell(value: unknown): value is Cell {
  return value === null || typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}

/**
 * The values of one column.
 *
 * @throws InvalidArgumentError that names the column and the row.
 */
export function checkedColumn(values: readonly unknown[], what: string, kind: ColumnKind | undefined): readonly Cell[] {
  const isRight = kind === undefined ? isCell : checks[kind];
  const wrong = values.findIndex((value) => value !== null && !isRight(value));
  if (wrong < 0) return values as readonly Cell[];
  const shown = (JSON.stringify(values[wrong]) as string | undefined) ?? String(values[wrong]);
  throw new InvalidArgumentError(`${what} has ${shown.slice(0, 80)} in row ${wrong}: it must be ${kind === undefined ? "text, a number, true, false" : kind} or null`);
}

/** Names and kinds of rules; undefined when nothing is said of the columns. */
export function rulesOf(columns: ColumnRules | undefined): ReadonlyMap<string, ColumnKind | undefined> | undefined {
  if (columns === undefined) return undefined;
  if (Array.isArray(columns)) return new Map((columns as readonly string[]).map((name) => [name, undefined]));
  for (const [name, kind] of Object.entries(columns)) {
    if (!Object.hasOwn(checks, kind)) throw new InvalidArgumentError(`column "${name}" is ${JSON.stringify(kind)}: a column is one of ${Object.keys(checks).join(", ")}`);
  }
  return new Map(Object.entries(columns as Readonly<Record<string, ColumnKind>>));
}

/** JSON Schema of a value. */
export function cellSchema(kind: ColumnKind | undefined): JsonSchema {
  return { type: [...(kind === undefined ? ["string", "number", "boolean"] : [kind]), "null"] };
}

/** A value for examples. */
export function sampleCell(kind: ColumnKind | undefined): Cell {
  return kind === "string" ? "text" : kind === "boolean" ? true : 0;
}
