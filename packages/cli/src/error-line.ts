import { inspect } from "node:util";
import { isBentoMLError } from "bentoml-core";
import { CommanderError } from "commander";
import { oneLine } from "./one-line.js";

/** What is known about an error of the system, by its code. */
const cures: Readonly<Record<string, string>> = {
  EACCES: "this user has no right to it",
  ENOENT: "there is no such file or folder",
  ENOSPC: "the disk is full",
  EROFS: "the disk is read-only",
};

/** What went wrong and what to do about it, on one line. */
export function errorLine(error: unknown): string {
  if (error instanceof CommanderError) return commandLineFault(error);
  if (!(error instanceof Error)) return oneLine(String(error));
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (!isBentoMLError(error) && Object.hasOwn(cures, code)) return oneLine(`${error.message}: ${cures[code] ?? ""}`);
  return oneLine(error.message) || error.name;
}

/** The error with its stack and causes. */
export function errorDetails(error: unknown): string {
  return inspect(error, { colors: false, depth: 4 });
}

/** Commander puts its suggestion on a line of its own. */
function commandLineFault(error: CommanderError): string {
  const text = oneLine(error.message.replace(/^error: /, ""));
  const hasCure = text.includes("Did you mean");
  return hasCure ? text : `${text}${text.endsWith(".") ? "" : "."} See bentoml --help.`;
}
