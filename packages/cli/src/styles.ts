import colours from "picocolors";
import type { OutputStream } from "./cli-context.js";

/** Functions that colour text. */
export type Styles = ReturnType<typeof colours.createColors>;

/** Colours for a terminal whose user did not switch them off (https://no-color.org); plain text for everything else. */
export function stylesFor(
  stream: OutputStream,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Styles {
  const isUnwanted = (environment["NO_COLOR"] ?? "") !== "" || environment["TERM"] === "dumb";
  return colours.createColors(stream.isTTY === true && !isUnwanted);
}
