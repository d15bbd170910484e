import { spawn } from "node:child_process";
import { environment, repository } from "./repository.mjs";
import { readClosingLine, readRemarks } from "./step-report.mjs";

/**
 * @typedef {object} CommandOptions
 * @property {string} [folder] Where to run it; the repository's root unless given.
 * @property {NodeJS.ProcessEnv} [variables] Added to the environment.
 * @property {number} [limitSeconds] After this it is killed, and counts as failed. Default 1800.
 */

/**
 * Runs a command whose output goes to this process's own. Resolves to its exit code, or 1 when it could not be started or
 * a signal ended it.
 *
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {CommandOptions} [options]
 * @returns {Promise<number>}
 */
export async function runCommand(command, parameters, options = {}) {
  const { code } = await start(command, parameters, options, "inherit");
  return code;
}

/**
 * Runs a command that ends with a line of totals, as `npm test` does, and shows its output while it runs.
 *
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {CommandOptions} [options]
 * @returns {Promise<import("./step-report.mjs").Counts>} One failure when the line is missing.
 */
export async function runCountedCommand(command, parameters, options = {}) {
  const { code, stdout } = await start(command, parameters, options, "both");
  const counts = { ...(readClosingLine(stdout) ?? { passed: 0, failed: 1 }), remarks: readRemarks(stdout) };
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * Runs a command and returns what it wrote to its standard output, without surrounding white space.
 *
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {CommandOptions} [options]
 * @throws When it fails, with all that it wrote.
 */
export async function outputOf(command, parameters, options = {}) {
  const { code, stdout, stderr } = await start(command, parameters, options, "pipe");
  if (code !== 0) throw new Error(`${[command, ...parameters].join(" ")} ended with ${code}.\n${stdout}${stderr}`);
  return stdout.trim();
}

/**
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {CommandOptions} options
 * @param {"inherit" | "pipe" | "both"} output Where it goes: to this process's own output, to the result, or to both.
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>}
 */
function start(command, parameters, { folder, variables, limitSeconds = 1800 }, output) {
  const child = spawn(command, parameters, {
    cwd: folder ?? repository,
    env: environment(variables),
    stdio: ["ignore", output === "inherit" ? "inherit" : "pipe", output === "pipe" ? "pipe" : "inherit"],
    timeout: limitSeconds * 1000,
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text) => (stderr += text));
  if (output === "both") child.stdout?.pipe(process.stdout, { end: false });
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: 1, stdout, stderr: `${stderr}${error.message}\n` }));
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}
