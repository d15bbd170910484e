import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** How a process ended, and what it wrote. */
export interface EndedProcess {
  readonly signal: string | null;
  readonly output: string;
  readonly errors: string;
}

/** Which code a script runs on: the sources, for which a loader must be started, or what was built from them. */
export type CodeOfScript = "sources" | "built";

const entries: Readonly<Record<CodeOfScript, string>> = {
  sources: new URL("./index.ts", import.meta.url).href,
  built: new URL("../../dist/index.js", import.meta.url).href,
};

const HEAD = `
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const parameters = process.argv.slice(2);
const facts = { signatures: {}, frameworkName: "none", frameworkVersions: {}, apiVersion: "v1" };
`;

/** A script that uses a store in processes of its own. */
export class StoreScript {
  readonly #file: string;
  readonly #loader: readonly string[];

  /**
   * @param folder An existing folder, in which the script gets one of its own.
   * @param body Has `ModelStore`, `fs`, the `parameters` and `facts` to save with.
   * @param before Runs before the store's code is loaded, so that it can replace functions of `fs`.
   */
  constructor(folder: string, body: string, { code = "sources", before = "" }: { code?: CodeOfScript; before?: string } = {}) {
    this.#file = join(mkdtempSync(join(folder, "script-")), "script.mjs");
    writeFileSync(this.#file, `${HEAD}${before}\nsyncBuiltinESMExports();\nconst { ModelStore } = await import(${JSON.stringify(entries[code])});\n${body}`);
    const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
    this.#loader = code === "built" ? [] : ["--conditions=bentoml-source", "--import", loader];
  }

  /**
   * Runs the script to its end.
   *
   * @param printed Is called with what the script prints, as it comes, and a function that kills the process by SIGKILL.
   */
  run(parameters: readonly (string | number)[], printed?: (text: string, kill: () => void) => void): Promise<EndedProcess> {
    const child = spawn(process.execPath, [...this.#loader, this.#file, ...parameters.map(String)], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.on("data", (data) => {
      output += String(data);
      printed?.(String(data), () => child.kill("SIGKILL"));
    });
    child.stderr.on("data", (data) => (errors += String(data)));
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (_code, signal) => resolve({ signal, output, errors }));
    });
  }
}
