/**
 * Serves a model of each datatype by what is built, and has the Python client of KServe use them. It is no part of the checks of every change: the
 * client and what it needs take half a GB and some minutes to install.
 *
 *     node tools/ci/kserve-client.mjs
 */
import { join } from "node:path";
import { makePythonEnvironment } from "./src/python-environment.mjs";
import { repository } from "./src/repository.mjs";
import { outputOf } from "./src/run-command.mjs";
import { withServer } from "./src/started-server.mjs";
import { StepReport } from "./src/step-report.mjs";
import { withTemporaryFolder } from "./src/temporary-folder.mjs";

const folder = join(repository, "tools", "ci");

const report = new StepReport();
await withTemporaryFolder((temporary) =>
  report.step("Python's kserve", async () => {
    const python = await makePythonEnvironment(join(temporary, "python"), ["kserve==0.21.0"]);
    await withServer([process.execPath, join(folder, "identity-server.mjs")], { folder: repository }, async (url) => {
      console.log(await outputOf(python, [join(folder, "kserve", "check.py"), url], { limitSeconds: 120 }));
    });
    return 0;
  }),
);
report.end();
