/**
 * Has what is built and Python's BentoML use one store: each opens, runs and imports what the other saved and exported.
 *
 *     node tools/ci/python-bentoml.mjs
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Exchange } from "./python-bentoml/exchange.mjs";
import { digitsModel, heldOutDigits } from "./src/digits.mjs";
import { makePythonEnvironment } from "./src/python-environment.mjs";
import { repository } from "./src/repository.mjs";
import { outputOf } from "./src/run-command.mjs";
import { StepReport } from "./src/step-report.mjs";
import { withTemporaryFolder } from "./src/temporary-folder.mjs";

const cli = join(repository, "packages", "cli", "dist", "bin.js");
const check = join(repository, "tools", "ci", "python-bentoml", "check.py");
const packages = ["bentoml==1.4.39", "onnx==1.20.1", "onnxruntime==1.24.4"];

const report = new StepReport();
await withTemporaryFolder(async (folder) => {
  let python = "";
  const installed = await report.step("Python's BentoML is installed", async () => {
    python = await makePythonEnvironment(join(folder, "python"), packages);
    return 0;
  });
  if (!installed) return;
  await report.step("Python runs the digits model", async () => {
    const variables = { BENTOML_HOME: join(folder, "store"), BENTOML_DO_NOT_TRACK: "True" };
    await outputOf(process.execPath, [cli, "models", "import", digitsModel, "--name", "digits"], { variables });
    return print(await outputOf(python, [check, "digits:latest", heldOutDigits], { variables, limitSeconds: 300 }));
  });
  await mkdir(join(folder, "exchange"));
  const exchange = new Exchange(python, join(folder, "exchange"));
  await exchange.prepare();
  await report.step("Node uses what Python saved", async () => print(await exchange.fromPython()));
  await report.step("Python uses what Node saved", async () => print(await exchange.toPython()));
  await report.step("latest is the same to both", async () => print(await exchange.latest()));
});
report.end();

/** @param {string} text */
function print(text) {
  console.log(text);
  return 0;
}
