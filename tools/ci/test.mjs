/**
 * `npm test`: all that a change must pass. With `CI=true` nothing is taken from nx's cache.
 *
 *     node tools/ci/test.mjs [--only=build,unit,e2e]
 */
import { parseArgs } from "node:util";
import { scriptOf } from "./src/repository.mjs";
import { runCommand } from "./src/run-command.mjs";
import { StepReport } from "./src/step-report.mjs";
import { runVitest } from "./src/vitest-step.mjs";

const steps = ["build", "typecheck", "unit", "e2e", "packages"];
const { values } = parseArgs({ options: { only: { type: "string", default: steps.join(",") } } });
const chosen = values.only.split(",");
const unknown = chosen.filter((name) => !steps.includes(name));
if (unknown.length > 0) throw new Error(`--only=${values.only}: the steps are ${steps.join(", ")}.`);

const report = new StepReport();
let built = true;
if (chosen.includes("build")) built = await report.step("build", () => nx("build"));
if (chosen.includes("typecheck")) await report.step("typecheck", () => nx("typecheck"));
if (chosen.includes("unit")) await report.step("unit tests", () => runVitest("vitest.config.ts"));
if (chosen.includes("e2e")) await stepOnBuild("end-to-end tests", () => runVitest("vitest.e2e.config.ts"));
if (chosen.includes("packages")) await stepOnBuild("package manifests", () => nx("check-package", "--excludeTaskDependencies"));
report.end();

/**
 * @param {string} name
 * @param {() => Promise<import("./src/step-report.mjs").Counts | number>} run
 */
async function stepOnBuild(name, run) {
  if (built) await report.step(name, run);
  else await report.cannotRun(name, "Not run, because the build failed.");
}

/**
 * @param {string} target
 * @param {...string} options
 */
function nx(target, ...options) {
  const cache = process.env["CI"] === "true" ? ["--skip-nx-cache"] : [];
  const parameters = ["run-many", "-t", target, "--parallel=2", "--outputStyle=static", ...cache, ...options];
  return runCommand(process.execPath, [scriptOf("nx"), ...parameters]);
}
