import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { repository, scriptOf } from "./repository.mjs";
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
    return { ...countTests(report, code), remarks: report === undefined ? [] : remarksOn(report) };
  });
}

/**
 * @typedef {object} VitestReport The part that is read of what vitest's JSON reporter writes.
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {FileResult[]} testResults
 *
 * @typedef {{ name: string, status: string, message?: string, assertionResults: TestResult[] }} FileResult
 *
 * @typedef {object} TestResult
 * @property {string} status
 * @property {string} fullName
 * @property {string[]} failureMessages Of each try that failed; a test that passed at the second try has those of the first.
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
  const brokenFiles = report.testResults.filter(isBroken);
  const failed = report.numFailedTests + brokenFiles.length;
  return { passed: report.numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

/**
 * What is worth a line at the end of a long output: each test that failed, and each that passed only when it was tried again.
 *
 * @param {VitestReport} report
 * @returns {string[]}
 */
export function remarksOn({ testResults }) {
  return testResults.flatMap((file) => {
    const path = relative(repository, file.name);
    if (isBroken(file)) return [`${path} failed: ${firstLine(file.message)}`];
    return file.assertionResults.flatMap((test) => remarkOn(test).map((remark) => `${path} > ${remark}`));
  });
}

/**
 * @param {TestResult} test
 * @returns {string[]} One, or none.
 */
function remarkOn({ status, fullName, failureMessages }) {
  if (status === "failed") return [`${fullName} failed: ${firstLine(failureMessages.at(-1))}`];
  if (status === "passed" && failureMessages.length > 0) return [`${fullName} passed at another try: ${firstLine(failureMessages[0])}`];
  return [];
}

/**
 * Whether a file failed outside its tests: it could not be loaded, or what it prepares failed.
 *
 * @param {FileResult} file
 */
function isBroken({ status, assertionResults }) {
  return status === "failed" && assertionResults.every((result) => result.status !== "failed");
}

/** @param {string} [message] */
function firstLine(message = "") {
  return message.trim().split("\n", 1)[0] ?? "";
}
