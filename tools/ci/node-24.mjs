/**
 * Builds and tests on Node.js 24, which it installs into a temporary folder.
 *
 *     node tools/ci/node-24.mjs
 */
import { join } from "node:path";
import { outputOf, runCountedCommand } from "./src/run-command.mjs";
import { StepReport } from "./src/step-report.mjs";
import { withTemporaryFolder } from "./src/temporary-folder.mjs";

const report = new StepReport();
await withTemporaryFolder(async (folder) => {
  // The package of one platform: the package "node" has no binary where scripts are off.
  const name = `node-${process.platform}-${process.arch}`;
  await report.step("Node.js 24", async () => {
    await outputOf("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder, `${name}@24`], { folder });
    const node = join(folder, "node_modules", name, "bin", "node");
    console.log(await outputOf(node, ["--version"]));
    return runCountedCommand(node, ["tools/ci/test.mjs", "--only=build,unit,e2e"]);
  });
});
report.end();
