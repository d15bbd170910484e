/**
 * Saves the digits model by what is built, and has Python's BentoML open and run it.
 *
 *     node tools/ci/python-bentoml.mjs
 */
import { join } from "node:path";
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
await withTemporaryFolder((folder) =>
  report.step("Python's BentoML", async () => {
    const variables = { BENTOML_HOME: join(folder, "store"), BENTOML_DO_NOT_TRACK: "True" };
    const python = await makePythonEnvironment(join(folder, "python"), packages);
    await outputOf(process.execPath, [cli, "models", "import", digitsModel, "--name", "digits"], { variables });
    console.log(await outputOf(python, [check, "digits:latest", heldOutDigits], { variables, limitSeconds: 300 }));
    return 0;
  }),
);
report.end();
