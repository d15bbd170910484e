/**
 * Sees to it that there is a Chromium for the tests of the page: where there is none, Debian's is installed, which needs root.
 * `CHROMIUM` names one that is elsewhere.
 *
 *     node tools/ci/chromium.mjs
 */
import { existsSync } from "node:fs";
import { outputOf, runCommand } from "./src/run-command.mjs";
import { StepReport } from "./src/step-report.mjs";

const report = new StepReport();
const path = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
await report.step("Chromium is there", async () => {
  if (!existsSync(path)) {
    const code = (await runCommand("apt-get", ["update"])) || (await runCommand("apt-get", ["install", "-y", "--no-install-recommends", "chromium"]));
    if (code !== 0) return code;
  }
  console.log(await outputOf(path, ["--version"]));
  return 0;
});
report.end();
