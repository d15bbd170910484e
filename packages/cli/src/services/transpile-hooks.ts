/** Hook of Node's module loader that translates TypeScript. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";
import type { LoadHook } from "./loader-hooks.js";
import { standIn } from "./transpiler.js";
import { isTypeScript } from "./typescript-faults.js";

const TRANSPILER = new URL("./transpiler.js", import.meta.url).href;

export const load: LoadHook = (url, context, nextLoad) => {
  if (!url.startsWith("file:") || !isTypeScript(url) || url.includes("/node_modules/")) return nextLoad(url, context);
  const filename = fileURLToPath(url);
  const translated = createJiti(import.meta.url, { fsCache: false }).transform({ source: readFileSync(filename, "utf8"), filename, ts: true, async: true });
  return { format: "module", shortCircuit: true, source: standIn(url, translated, TRANSPILER) };
};
