/**
 * Finds files, exports and dependencies that nothing uses, and packages that are imported without being declared. `unused.jsonc` says
 * where to look.
 *
 *     node tools/ci/unused.mjs
 */
import { join } from "node:path";
import { scriptOf } from "./src/repository.mjs";
import { runCommand } from "./src/run-command.mjs";
import { StepReport } from "./src/step-report.mjs";

const report = new StepReport();
const settings = join("tools", "ci", "unused.jsonc");
await report.step("nothing unused", () => runCommand(process.execPath, [scriptOf("knip"), "--config", settings, "--no-progress"]));
report.end();
