/** How bad something is. Only an error makes the command fail. */
export type FindingLevel = "ok" | "warning" | "error";

/** One thing that was looked at. */
export interface Finding {
  /** What it belongs to: a heading of the report. */
  readonly area: "machine" | "packages" | "store" | "configuration";
  readonly level: FindingLevel;
  /** One line. */
  readonly text: string;
  /** What to do about it, one line; for everything but "ok". */
  readonly cure?: string;
}
