import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { scriptOf } from "./repository.mjs";
import { runCommand } from "./run-command.mjs";
import { withTemporaryFolder } from "./temporary-folder.mjs";

/**
 * Runs vitest with that configuration and counts its tests.
 *
 * @param {string} configuration
 * @param {readonly string[]} [filters] Paths of the test files to run; all unless given.
 * @param {string} [node] The Node.js that runs it. Default: this one.
 * @returns {Promise<import("./step-report.mjs").Counts>}
 */
export async function runVitest(configuration, filters = [], node = process.execPath) {
  return withTemporaryFolder(async (folder) => {
    const reportPath = join(folder, "report.json");
    const parameters = ["run", "--config", configuration, "--reporter=default", "--reporter=json", `--outputFile.json=${reportPath}`];
    const code = await runCommand(node, [scriptOf("vitest"), ...parameters, ...filters]);
    const report = await readFile(reportPath, "utf8").then(JSON.parse, () => undefined);
    return countTests(report, code);
  });
}

/**
 * @typedef {object} VitestReport The part that is read of what vitest's JSON reporter writes.
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults One for each file.
 */

/**
 * A file that could not be loaded counts as one failure, and so does a run that fails with no failed test (an unhandled
 * rejection, no test found) or that left no report.
 *
 * @param {VitestReport | undefined} report
 * @param {number} exitCode
 * @returns {import("./step-report.mjs").Counts}
 */
export function countTests(report, exitCode) {
  if (report === undefined) return { passed: 0, failed: 1 };
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.every((result) => result.status !== "failed"),
  );
  const failed = report.numFailedTests + brokenFiles.length;
  return { passed: report.numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}
