/** What is measured, its value, and how it came about. */
export type ResultRow = readonly [what: string, value: string, note: string];

/** Draws rows as columns, the values to the right, with a rule above and below. */
export function renderResults(rows: readonly ResultRow[], styleNote: (note: string) => string = (note) => note): string[] {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const [whatWidth = 0, valueWidth = 0, noteWidth = 0] = widths;
  const rule = "─".repeat(whatWidth + valueWidth + noteWidth + 4);
  const lines = rows.map(([what, value, note]) => `${what.padEnd(whatWidth)}  ${value.padStart(valueWidth)}  ${styleNote(note)}`.trimEnd());
  return [rule, ...lines, rule];
}
