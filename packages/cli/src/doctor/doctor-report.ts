import { oneLine } from "../one-line.js";
import type { Styles } from "../styles.js";
import type { Finding, FindingLevel } from "./finding.js";

const TITLES: readonly (readonly [Finding["area"], string])[] = [
  ["machine", "Machine"],
  ["packages", "Packages"],
  ["store", "Store"],
  ["configuration", "Configuration"],
];

/** The findings for people: one line each, and a second one with the cure. */
export function doctorReport(findings: readonly Finding[], styles: Styles): string {
  const paint: Readonly<Record<FindingLevel, (text: string) => string>> = { ok: styles.green, warning: styles.yellow, error: styles.red };
  const lines = TITLES.flatMap(([area, title]) => [
    "",
    styles.bold(title),
    ...findings.filter((finding) => finding.area === area).flatMap(({ level, text, cure }) => [`  ${paint[level](level.padEnd(7))}  ${oneLine(text)}`, ...(cure === undefined ? [] : [`           ${styles.dim(`→ ${oneLine(cure)}`)}`])]),
  ]);
  return [...lines.slice(1), "", summary(findings), ""].join("\n");
}

function summary(findings: readonly Finding[]): string {
  const [errors, warnings] = (["error", "warning"] as const).map((level) => findings.filter((finding) => finding.level === level).length) as [number, number];
  if (errors + warnings === 0) return "All is well.";
  return `${counted(errors, "error")}, ${counted(warnings, "warning")}.`;
}

function counted(count: number, noun: string): string {
  return `${count === 0 ? "no" : String(count)} ${noun}${count === 1 ? "" : "s"}`;
}
