/** How a table is drawn. */
export interface TableOptions {
  /** Columns, by their place, whose cells stand at the right: numbers. */
  readonly rightAligned?: readonly number[];
  /** Applied to the line of headers, which is padded before. */
  readonly styleHeader?: (line: string) => string;
}

/** Draws columns of text as wide as their longest cell, two blanks apart. Ends with a line break. */
export function renderTable(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
  { rightAligned = [], styleHeader = (line) => line }: TableOptions = {},
): string {
  const widths = headers.map((header, column) => Math.max(header.length, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = cells[column] ?? "";
        return rightAligned.includes(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return [styleHeader(line(headers)), ...rows.map(line)].map((text) => `${text}\n`).join("");
}
