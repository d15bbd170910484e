import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { pythonEnvironment } from "./python-environment.js";

const run = promisify(execFile);
const PACKAGES = ["tritonclient[http]==2.73.0"];
const script = fileURLToPath(new URL("../python/throughput.py", import.meta.url));

/** How a client did. */
export interface ClientSpeed {
  readonly perSecond: number;
  /** Of processor time, for each request. */
  readonly microsEach: number;
}

/** Has Python's asynchronous client send small requests to `identity_fp32`, so many at a time. Installs it once. */
export async function measurePythonClient(url: string, seconds: number, concurrency: number): Promise<ClientSpeed> {
  const { python } = await pythonEnvironment("tritonclient-2.73", PACKAGES);
  const { stdout } = await run(python, [script, new URL(url).host, String(seconds), String(concurrency)]);
  return JSON.parse(stdout) as ClientSpeed;
}
