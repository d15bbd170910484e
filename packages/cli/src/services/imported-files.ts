import { createRequire } from "node:module";
import { transpiledFiles } from "./transpiler.js";

const told: Set<string> = new Set();
let waitForHooks: () => Promise<void> = async () => undefined;

/** A file was imported by Node. */
export function tellImported(file: string): void {
  told.add(file);
}

/** Where the hooks run in a thread of their own, what they told comes a little later. */
export function hooksAreApart(wait: () => Promise<void>): void {
  waitForHooks = wait;
}

/** The files of the program that were imported until now; not those of packages. */
export async function importedFiles(): Promise<string[]> {
  await waitForHooks();
  const required = Object.keys(createRequire(import.meta.url).cache);
  return [...new Set([...told, ...transpiledFiles(), ...required])].filter((file) => !/[\\/]node_modules[\\/]/.test(file));
}
