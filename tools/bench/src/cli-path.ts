import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The `bentoml` command, as built. */
export function cliPath(): string {
  return join(dirname(createRequire(import.meta.url).resolve("bentoml/package.json")), "dist", "bin.js");
}
