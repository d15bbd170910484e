import type { OutputStream } from "./cli-context.js";
import { oneLine } from "./one-line.js";
import { stylesFor } from "./styles.js";

/** Shows the process's warnings as one line each, in place of Node's two lines with a process id. */
export function showWarnings(stderr: OutputStream): void {
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    stderr.write(warningLine(warning, stderr));
  });
}

/** The line that stands for a warning. */
export function warningLine(warning: Error, stderr: OutputStream): string {
  return `${stylesFor(stderr).yellow("warning:")} ${oneLine(warning.message)}\n`;
}
