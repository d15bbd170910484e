/**
 * Tests on Node.js 24, which it installs into a temporary folder, what was built by another version, as users get it.
 *
 *     node tools/ci/node-24.mjs
 */
import { installNode } from "./src/node-versions.mjs";
import { outputOf, runCountedCommand } from "./src/run-command.mjs";
import { StepReport } from "./src/step-report.mjs";
import { withTemporaryFolder } from "./src/temporary-folder.mjs";

const report = new StepReport();
await withTemporaryFolder(async (folder) => {
  await report.step("Node.js 24", async () => {
    const node = await installNode(24, folder);
    console.log(await outputOf(node, ["--version"]));
    return runCountedCommand(node, ["tools/ci/test.mjs", "--only=unit,e2e"]);
  });
});
report.end();
