/**
 * Serves an API for each descriptor by what is built, and has schemathesis send it what its OpenAPI document allows and what it does not: no answer
 * may be a failure of the server, and each must be as the document says.
 *
 *     node tools/ci/service-fuzz.mjs
 */
import { dirname, join } from "node:path";
import { makePythonEnvironment } from "./src/python-environment.mjs";
import { repository } from "./src/repository.mjs";
import { outputOf } from "./src/run-command.mjs";
import { withServer } from "./src/started-server.mjs";
import { StepReport } from "./src/step-report.mjs";
import { withTemporaryFolder } from "./src/temporary-folder.mjs";

const checks = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
  "unsupported_method",
  "allow_header_conformance",
];

const report = new StepReport();
await withTemporaryFolder((folder) =>
  report.step("services under schemathesis", async () => {
    const python = await makePythonEnvironment(join(folder, "python"), ["schemathesis==4.32.5"]);
    const schemathesis = join(dirname(python), "schemathesis");
    const service = join(repository, "tools", "ci", "sample-service.mjs");
    await withServer([process.execPath, service], { folder: repository }, async (url) => {
      // The seed makes a failure come again.
      const options = ["--checks", checks.join(","), "--max-examples", "50", "--seed", "1", "--no-color", "--warnings", "off"];
      console.log(await outputOf(schemathesis, ["run", `${url}/docs.json`, ...options], { folder, limitSeconds: 240 }));
    });
    return 0;
  }),
);
report.end();
