import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { environment } from "./repository.mjs";

const startSeconds = 120;
const stopSeconds = 60;

/**
 * Starts a server that prints its address, such as `bentoml serve`, calls `use` with that address, then ends the server by
 * SIGTERM.
 *
 * @template Result
 * @param {readonly [string, ...string[]]} commandLine Such as `["npx", "bentoml", "serve", "digits:latest", "--port", "0"]`.
 * @param {{ folder: string, variables?: NodeJS.ProcessEnv }} where
 * @param {(url: string) => Promise<Result>} use
 * @returns {Promise<Result>}
 * @throws When it prints no address, `use` throws, or its exit code is not 0. The message has what it wrote.
 */
export async function withServer([command, ...parameters], { folder, variables }, use) {
  const child = spawn(command, parameters, {
    cwd: folder,
    env: environment(variables),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  ended.catch(() => undefined);
  const log = new ServerLog(child);
  try {
    const result = await use(await log.address());
    process.kill(serverProcess(child), "SIGTERM");
    const [code] = await within(stopSeconds, ended, "It did not end after SIGTERM.");
    if (code !== 0) throw new Error(`It ended with ${code} after SIGTERM; 0 was expected.`);
    return result;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${log.text}`, { cause: error });
  } finally {
    if (isRunning(child)) process.kill(serverProcess(child), "SIGKILL");
  }
}

/** @param {import("node:child_process").ChildProcess} child */
function isRunning({ pid, exitCode, signalCode }) {
  return pid !== undefined && exitCode === null && signalCode === null;
}

/**
 * The process at the end of the line: `npx` starts a shell that starts the command, and passes no signal on to it.
 *
 * @param {import("node:child_process").ChildProcess} child
 */
function serverProcess({ pid }) {
  if (pid === undefined) throw new Error("The process has not been started.");
  let last = pid;
  for (let next = firstChild(last); next !== undefined; next = firstChild(last)) last = next;
  return last;
}

/**
 * @param {number} pid
 * @returns {number | undefined}
 */
function firstChild(pid) {
  const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
  return first === undefined || first === "" ? undefined : Number(first);
}

/** What a server writes, and the address in it. */
class ServerLog {
  text = "";
  /** @type {Promise<string>} */
  #address;

  /** @param {import("node:child_process").ChildProcess} child */
  constructor(child) {
    this.#address = new Promise((resolve, reject) => {
      const read = (/** @type {string} */ chunk) => {
        this.text += chunk;
        const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(this.text) ?? [];
        if (url !== undefined) resolve(url);
      };
      child.stdout?.setEncoding("utf8").on("data", read);
      child.stderr?.setEncoding("utf8").on("data", read);
      child.on("error", reject);
      child.on("close", (code) => reject(new Error(`The server ended with ${code} before it told its address.`)));
    });
    this.#address.catch(() => undefined);
  }

  address() {
    return within(startSeconds, this.#address, "The server did not tell its address.");
  }
}

/**
 * @template Result
 * @param {number} seconds
 * @param {Promise<Result>} promise
 * @param {string} complaint
 * @returns {Promise<Result>}
 */
async function within(seconds, promise, complaint) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const tooLate = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${complaint} Waited ${seconds} s.`)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, /** @type {Promise<never>} */ (tooLate)]);
  } finally {
    clearTimeout(timer);
  }
}
