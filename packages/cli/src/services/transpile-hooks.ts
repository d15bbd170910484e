/** Hooks of Node's module loader that translate TypeScript; they run in the loader's own thread. */
import { readFile } from "node:fs/promises";
import type { LoadFnOutput, LoadHookContext } from "node:module";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";
import { standIn } from "./transpiler.js";
import { isTypeScript } from "./typescript-faults.js";

const TRANSPILER = new URL("./transpiler.js", import.meta.url).href;

export async function load(url: string, context: LoadHookContext, nextLoad: (url: string, context: LoadHookContext) => LoadFnOutput | Promise<LoadFnOutput>): Promise<LoadFnOutput> {
  if (!url.startsWith("file:") || !isTypeScript(url) || url.includes("/node_modules/")) return nextLoad(url, context);
  const filename = fileURLToPath(url);
  const translated = createJiti(import.meta.url, { fsCache: false }).transform({ source: await readFile(filename, "utf8"), filename, ts: true, async: true });
  return { format: "module", shortCircuit: true, source: standIn(url, translated, TRANSPILER) };
}
