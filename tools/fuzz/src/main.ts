/**
 * On what is built (`npm run build`):
 *
 *     npm run fuzz -w @bentoml-tools/fuzz -- [--executions 10000000] [--seed 1]
 */
import { parseArgs } from "node:util";
import { runFuzz } from "./run-fuzz.js";

const { values } = parseArgs({ options: { executions: { type: "string", default: "10000000" }, seed: { type: "string", default: "1" } } });
const executions = Number(values.executions);
const seed = Number(values.seed);

if (!Number.isSafeInteger(executions) || !Number.isSafeInteger(seed)) {
  console.error("Usage: npm run fuzz -w @bentoml-tools/fuzz -- [--executions 10000000] [--seed 1]");
  process.exitCode = 2;
} else {
  const begun = performance.now();
  const reports = runFuzz(executions, seed);
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  console.table(Object.fromEntries(reports));
  console.log(`${executions.toLocaleString("en-GB")} inputs from seed ${seed} in ${seconds} s; ${Math.round(process.memoryUsage().rss / 1e6)} MB resident at the end.`);
}
