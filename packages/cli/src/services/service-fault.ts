import { spawnSync } from "node:child_process";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { BentoMLError, isBentoMLError } from "bentoml-core";

/** Files of our own, whose frames are nobody's business. */
const OWN_FOLDER = dirname(fileURLToPath(import.meta.url));
/** A frame of a stack: a file, a line and a column. */
const FRAME = /(?:file:\/\/)?(\/[^\s():]+):(\d+)(?::(\d+))?/g;

/**
 * The error of a file that could not be imported, with the place in the user's files where it came from: `service.ts:3:7: no good`. Its
 * stack has the user's frames alone.
 *
 * @param files those that were imported, the last ones among them the likeliest to be wrong.
 */
export function serviceFault(error: unknown, files: readonly string[], workingFolder: string): BentoMLError {
  const { message, stack, name, code } = describeError(error);
  const place = placeIn(stack, workingFolder) ?? (error instanceof SyntaxError ? placeOfSyntax(files, workingFolder) : undefined);
  const isNamed = place === undefined || message.includes(place);
  const what = isBentoMLError(error) || name === "Error" ? message : `${name}: ${message}`;
  const fault = new BentoMLError(isNamed ? what : `${place}: ${what}`, { code: "SERVICE_NOT_LOADED", cause: error });
  fault.stack = [fault.message, ...stack.split("\n").filter((line) => /^\s+at /.test(line) && isUsers(line))].join("\n");
  return Object.assign(fault, code === undefined ? {} : { causeCode: code });
}

function describeError(error: unknown): { message: string; stack: string; name: string; code: unknown } {
  if (!(error instanceof Error)) return { message: `it threw ${String(error)}`, stack: "", name: "Error", code: undefined };
  // Of a module that is missing, the stack of requires says less than the place.
  const message = error.message.replace(/\nRequire stack:[^]*$/, "").trim();
  const required = /\nRequire stack:\n- (\S+)/.exec(error.message)?.[1];
  return { message, stack: `${required === undefined ? "" : `${required}:1\n`}${error.stack ?? ""}`, name: error.name, code: (error as NodeJS.ErrnoException).code };
}

/** The first place that lies in the user's files. */
function placeIn(stack: string, workingFolder: string): string | undefined {
  for (const line of stack.split("\n")) {
    if (!isUsers(line)) continue;
    for (const [, file, row, column] of line.matchAll(FRAME)) return [shown(file as string, workingFolder), row, column].filter((part) => part !== undefined).join(":");
  }
  return undefined;
}

function isUsers(line: string): boolean {
  return !line.includes("/node_modules/") && !line.includes(OWN_FOLDER) && !line.includes("node:internal");
}

/** Node does not tell where the syntax of a module is wrong, only when it is asked to check a file. */
function placeOfSyntax(files: readonly string[], workingFolder: string): string | undefined {
  for (const file of [...files].reverse()) {
    const { status, stderr } = spawnSync(process.execPath, ["--check", file], { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } });
    const row = status === 0 ? undefined : /:(\d+)\n/.exec(stderr)?.[1];
    if (row !== undefined) return `${shown(file, workingFolder)}:${row}`;
  }
  return undefined;
}

function shown(file: string, workingFolder: string): string {
  const path = relative(workingFolder, file);
  return path.startsWith("..") ? file : path;
}
