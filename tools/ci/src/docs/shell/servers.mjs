/** The servers that the blocks of a page have started: a file for each, named for its port, with its process in it. */
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const stopMilliseconds = 30_000;

/**
 * @param {string} folder
 * @param {string} port
 * @param {number} pid
 */
export function keepServer(folder, port, pid) {
  writeFileSync(join(folder, `${port}.pid`), String(pid));
}

/**
 * Ends the server at this port, if the page has one, by SIGTERM.
 *
 * @param {string} folder
 * @param {string} port
 * @throws When it does not end.
 */
export async function stopServer(folder, port) {
  const file = join(folder, `${port}.pid`);
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, "utf8"));
  rmSync(file);
  if (!isRunning(pid)) return;
  process.kill(pid, "SIGTERM");
  const until = Date.now() + stopMilliseconds;
  while (isRunning(pid)) {
    if (Date.now() > until) {
      process.kill(pid, "SIGKILL");
      throw new Error(`The server at port ${port} did not end at SIGTERM.\n${readFileSync(join(folder, `${port}.log`), "utf8")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** @param {string} folder */
export async function stopServers(folder) {
  const ports = readdirSync(folder).filter((name) => name.endsWith(".pid")).map((name) => name.replace(".pid", ""));
  await Promise.all(ports.map((port) => stopServer(folder, port)));
}

/**
 * A process that has ended stays in the table of processes until somebody asks for its end.
 *
 * @param {number} pid
 */
function isRunning(pid) {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
