import type { Cell, ColumnKind } from "./table-columns.js";

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** Digits that a number would not give back: codes such as 007. */
const LEADING_ZERO = /^[+-]?0\d/;
const BOOLEAN = /^(?:true|false)$/i;

/**
 * The values that the texts of a CSV column stand for; an empty text is null. What is none of the column's kind stays text, for whoever
 * checks the kinds to tell.
 *
 * @param kind undefined: numbers if all are numbers that lose nothing, booleans if all are true and false, else texts.
 */
export function cellsOf(texts: readonly string[], kind: ColumnKind | undefined): readonly Cell[] {
  const cell = kind === undefined ? guessed(texts) : cellOfKind[kind];
  return texts.map((text) => (text === "" ? null : cell(text)));
}

type CellOfText = (text: string) => Cell;

const numberOf: CellOfText = (text) => {
  const trimmed = text.trim();
  const value = Number(trimmed);
  return NUMBER.test(trimmed) && Number.isFinite(value) ? value : text;
};
const booleanOf: CellOfText = (text) => (BOOLEAN.test(text.trim()) ? text.trim().toLowerCase() === "true" : text);
const cellOfKind: Readonly<Record<ColumnKind, CellOfText>> = { number: numberOf, integer: numberOf, boolean: booleanOf, string: (text) => text };

function guessed(texts: readonly string[]): CellOfText {
  const told = texts.filter((text) => text !== "");
  if (told.every(isExactNumber)) return numberOf;
  return told.every((text) => BOOLEAN.test(text.trim())) ? booleanOf : cellOfKind.string;
}

function isExactNumber(text: string): boolean {
  const value = numberOf(text);
  const isLossless = typeof value === "number" && (Number.isSafeInteger(value) || !Number.isInteger(value) || !/^[+-]?\d+$/.test(text.trim()));
  return isLossless && !LEADING_ZERO.test(text.trim());
}
