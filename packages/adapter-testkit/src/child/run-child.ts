import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { broken } from "../contract-error.js";
import type { ChildMessage, ChildReport, ChildTask } from "./child-protocol.js";

/** How long a child may take to report, and then to end, ms. */
const REPORT_MS = 60_000;
const END_MS = 5_000;

export interface ChildResult {
  readonly report: ChildReport;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** False when it had to be killed. */
  readonly endedByItself: boolean;
  readonly stderr: string;
}

/**
 * Does a task in a process of its own, to its end.
 *
 * @throws AdapterContractError when the task fails or the process dies before it reports.
 */
export async function runChild(task: ChildTask, home: string): Promise<ChildResult> {
  const script = fileURLToPath(new URL("./child-main.js", import.meta.url));
  const execArgv = task.scenario === "memory" ? ["--expose-gc"] : [];
  const child = fork(script, { execArgv, env: environment(home), serialization: "advanced", stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let stderr = "";
  let message: ChildMessage | undefined;
  let killed = false;
  const kill = (): void => {
    killed = true;
    child.kill("SIGKILL");
  };
  let limit = setTimeout(kill, REPORT_MS);
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.once("message", (received) => {
    message = received as ChildMessage;
    clearTimeout(limit);
    limit = setTimeout(kill, END_MS);
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  child.send(task);
  const { code, signal } = await ended.finally(() => clearTimeout(limit));
  return { report: reportIn(message, task, { code, signal, stderr }), code, signal, endedByItself: !killed, stderr };
}

/** Options for this process, such as a loader of the test runner, are not for the child. */
function environment(home: string): NodeJS.ProcessEnv {
  return { ...process.env, NODE_OPTIONS: "", BENTOML_HOME: home };
}

function reportIn(message: ChildMessage | undefined, { scenario, entryUrl }: ChildTask, ended: { code: number | null; signal: string | null; stderr: string }): ChildReport {
  if (message !== undefined && "report" in message) return message.report;
  const reason = message?.error ?? `It ended with ${ended.signal ?? `code ${String(ended.code)}`} before that. ${ended.stderr.trim()}`;
  return broken(`A process of its own that imports ${entryUrl} cannot do "${scenario}": ${reason}`);
}
