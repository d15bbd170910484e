import type { ComparedRow, Target } from "./comparison.js";
import type { Spread } from "./spread.js";

/** The rows as text in columns: the medians of both, and how they compare with the least and the greatest of the rounds. */
export function formatTable(rows: readonly ComparedRow[]): string {
  const header = ["", "ours", "other", "unit", "compared (min to max)", "target", "met"];
  const cells = rows.map((row) => [
    row.name,
    formatNumber(row.ours.median),
    formatNumber(row.other.median),
    row.unit,
    `${row.kind === "ratio" ? "x " : ""}${formatSpread(row.compared)}${row.kind === "ratio" ? "" : ` ${row.unit}`}`,
    formatTarget(row.target),
    row.met ? "yes" : "NO",
  ]);
  const lines = [header, ...cells];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()).join("\n");
}

function formatSpread({ median, min, max }: Spread): string {
  return `${formatNumber(median)} (${formatNumber(min)} to ${formatNumber(max)})`;
}

function formatTarget(target: Target): string {
  return "atLeast" in target ? `at least ${target.atLeast}` : `at most ${target.atMost}`;
}

/** Three digits that count. */
function formatNumber(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-GB");
  return value.toPrecision(3);
}
