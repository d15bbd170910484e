/**
 * What CI runs after `npm ci`: `npm test`, then the checks that need more time or other programs.
 *
 *     node tools/ci/run.mjs
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./src/repository.mjs";
import { runCommand, runCountedCommand } from "./src/run-command.mjs";
import { StepReport } from "./src/step-report.mjs";
import { runVitest } from "./src/vitest-step.mjs";

const report = new StepReport();
// The end-to-end tests of the page want one.
await script("a browser", "chromium.mjs");
await report.step("npm test", () => runCountedCommand("npm", ["test"]));
await report.step("lint", () => runCommand("npm", ["run", "lint"]));
await script("nothing unused", "unused.mjs");
await report.step("end-to-end tests that take longer", () => runVitest("vitest.ci.config.ts"));
await script("the public API", "api.mjs");
await script("packed packages", "packed.mjs");
await script("the code of the docs", "docs.mjs");
await script("Python's tritonclient", "triton-client.mjs");
await script("services under schemathesis", "service-fuzz.mjs");
await script("Python's BentoML", "python-bentoml.mjs");
await script("Pillow's images", "images.mjs");
await script("ONNX's own cases", "onnx-cases.mjs", "--sample", "200");
await script("real dataframes", "dataframes.mjs");
await script("a rehearsed release", "rehearsal.mjs");
await script("a real Triton", "triton.mjs");
await script("TensorFlow's own library", "tfjs.mjs");
await slowTest("a store that is killed 200 times", "packages/core/src/models/killed-process.slow.test.ts");
await slowTest("batching by the simulator", "packages/core/src/simulator/policy.slow.test.ts");
await script("Node.js 24", "node-24.mjs");
report.end();

/**
 * @param {string} name
 * @param {string} file
 */
async function slowTest(name, file) {
  await report.step(name, () => runVitest("vitest.slow.config.ts", [file]));
}

/**
 * @param {string} name
 * @param {string} file
 * @param {readonly string[]} options
 */
async function script(name, file, ...options) {
  const path = join(repository, "tools", "ci", file);
  if (existsSync(path)) await report.step(name, () => runCountedCommand(process.execPath, [path, ...options]));
}
