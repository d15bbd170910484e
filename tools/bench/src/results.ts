import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ComparedRow } from "./comparison.js";
import { formatTable } from "./table.js";

/** Ignored by git: results, and the models and the store that the benchmarks make for themselves. */
export const resultsFolder = fileURLToPath(new URL("../results", import.meta.url));

/** Facts about the run that a reader of the numbers needs, such as the load generator. */
export type Conditions = Readonly<Record<string, string | number>>;

/** Prints the table, and keeps all values of all rounds as JSON. */
export function reportResults(benchmark: string, conditions: Conditions, rows: readonly ComparedRow[]): void {
  const circumstances = { node: process.version, processor: cpus()[0]?.model ?? "unknown", cores: availableParallelism(), ...conditions };
  console.log(`\n${Object.entries(circumstances).map(([name, value]) => `${name}: ${value}`).join("; ")}\n`);
  console.log(`${formatTable(rows)}\n`);
  mkdirSync(resultsFolder, { recursive: true });
  const result = { benchmark, finishedAt: new Date().toISOString(), conditions: circumstances, rows };
  writeFileSync(join(resultsFolder, `${benchmark}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
}
