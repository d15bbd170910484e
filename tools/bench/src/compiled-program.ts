import { build } from "esbuild";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { resultsFolder } from "./results.js";

/**
 * JavaScript of a program in TypeScript, to be run without a loader. A loader's own code is in the heap of each thread, more than a small program's, and V8
 * marks it with each collection: runners with threads of their own would be measured by it.
 *
 * @returns The file's path.
 */
export async function compiledProgram(entry: URL): Promise<string> {
  const source = fileURLToPath(entry);
  const outfile = join(resultsFolder, "compiled", basename(source).replace(/\.ts$/, ".mjs"));
  await build({ entryPoints: [source], outfile, bundle: true, platform: "node", format: "esm", target: "node20", packages: "external", logLevel: "warning" });
  return outfile;
}
