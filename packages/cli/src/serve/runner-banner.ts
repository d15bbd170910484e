import { cliVersion } from "../cli-version.js";
import { oneLine } from "../one-line.js";
import type { Styles } from "../styles.js";
import type { OpenedRunner } from "./open-models.js";

/** What a runner server says about itself when it is ready. */
export function runnerBanner(
  url: string,
  { opened, runner }: OpenedRunner,
  styles: Styles,
  { needsToken, isTerminal }: { readonly needsToken: boolean; readonly isTerminal: boolean },
): string {
  const methods = Object.keys(runner.methods).map(oneLine).join(", ");
  const lines = [
    "",
    `  ${styles.bold(`bentoml ${cliVersion()}`)} runs ${opened.tag.toString()} on ${styles.cyan(url)}`,
    "",
    `    methods  ${methods}`,
    "",
    "  Call it from a program:",
    "",
    `const runner = get("${opened.tag.toString()}").toRunner();`,
    `await runner.initClient({ url: "${url}"${needsToken ? ", token" : ""} });`,
    "",
    ...(isTerminal ? [styles.dim("  Ctrl-C stops."), ""] : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
