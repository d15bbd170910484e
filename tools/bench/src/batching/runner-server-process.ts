import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeFolder, type BenchModel } from "../bench-models.js";
import { cliPath } from "../cli-path.js";

export interface RunnerServerProcess {
  readonly url: string;
  close(): Promise<void>;
}

/** `bentoml start-runner-server` on a Unix socket, in a process of its own. Ready when it has said where it listens. */
export async function startRunnerServer({ name }: BenchModel, maxBatchSize: number | undefined): Promise<RunnerServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), "bentoml-bench-"));
  const socket = join(folder, "runner.sock");
  const parameters = ["start-runner-server", `${name}:latest`, "--socket", socket, ...(maxBatchSize === undefined ? [] : ["--max-batch-size", String(maxBatchSize)])];
  const child = spawn(process.execPath, [cliPath(), ...parameters], {
    cwd: import.meta.dirname,
    env: { ...process.env, BENTOML_HOME: storeFolder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await listening(child, socket);
  return {
    url: `unix:${socket}`,
    async close() {
      const ended = once(child, "close");
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listening(child: ChildProcess, socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.includes(socket)) resolve();
    });
    child.on("error", reject);
    child.on("close", (code) => reject(new Error(`The runner server ended with ${code} before it listened. It wrote: ${text}`)));
  });
}
