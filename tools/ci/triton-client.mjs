/**
 * Serves the digits model, and then a model of each datatype, by what is built, and has the Python client of Triton use them.
 *
 *     node tools/ci/triton-client.mjs
 */
import { join } from "node:path";
import { digitsModel, heldOutDigits } from "./src/digits.mjs";
import { makePythonEnvironment } from "./src/python-environment.mjs";
import { repository } from "./src/repository.mjs";
import { outputOf } from "./src/run-command.mjs";
import { withServer } from "./src/started-server.mjs";
import { StepReport } from "./src/step-report.mjs";
import { withTemporaryFolder } from "./src/temporary-folder.mjs";

const cli = join(repository, "packages", "cli", "dist", "bin.js");
const check = join(repository, "tools", "ci", "tritonclient", "check.py");

const report = new StepReport();
await withTemporaryFolder((folder) =>
  report.step("Python's tritonclient", async () => {
    const where = { folder: repository, variables: { BENTOML_HOME: join(folder, "store") } };
    const python = await makePythonEnvironment(join(folder, "python"), ["tritonclient[http]==2.73.0"]);
    await outputOf(process.execPath, [cli, "models", "import", digitsModel, "--name", "digits"], where);
    await withServer([process.execPath, cli, "serve", "digits:latest", "--port", "0"], where, async (url) => {
      console.log(await outputOf(python, [check, new URL(url).host, "digits", heldOutDigits], { limitSeconds: 120 }));
    });
    const identity = join(repository, "tools", "ci", "identity-server.mjs");
    const datatypes = join(repository, "tools", "ci", "tritonclient", "datatypes.py");
    await withServer([process.execPath, identity], where, async (url) => {
      console.log(await outputOf(python, [datatypes, new URL(url).host], { limitSeconds: 120 }));
    });
    return 0;
  }),
);
report.end();
