import type { RawTable } from "./table-json.js";

/**
 * A table as CSV (RFC 4180): a line with the columns' names, then one for each row. Null and NaN are empty, infinities `inf`, as pandas writes
 * them; dates are in ISO-8601.
 *
 * @throws TypeError for a list or a record in a cell, naming the column.
 */
export function csvText(columns: RawTable): string {
  const names = [...columns.keys()];
  const lists = [...columns.values()];
  const rows = lists[0]?.length ?? 0;
  const lines = Array.from({ length: rows }, (_, row) => lists.map((values, place) => cellText(values[row], names[place] as string)));
  return `${[names.map(csvField), ...lines].map(lineOf).join("\r\n")}\r\n`;
}

/** A text as a field of a line. */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A row of one empty field must not look like an empty line, which is none. */
function lineOf(fields: readonly string[]): string {
  return fields.length === 1 && fields[0] === "" ? '""' : fields.join(",");
}

function cellText(value: unknown, column: string): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (typeof value === "string") return csvField(value);
  if (value === Infinity || value === -Infinity) return value > 0 ? "inf" : "-inf";
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (value instanceof Date) return value.toISOString();
  throw new TypeError(`column "${column}" has a value of type ${typeof value}, which has no form in CSV`);
}
