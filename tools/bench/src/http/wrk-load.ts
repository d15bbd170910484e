import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Load, LoadResult } from "./load-generator.js";

const run = promisify(execFile);

/** wrk prints nothing that a program should read, unless a script of one's own does. Times are in µs. */
const script = `
local file = io.open(os.getenv("BENCH_BODY"), "rb")
wrk.body = file:read("*a")
file:close()
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('\\nresult {"requests":%d,"micros":%d,"median":%d,"failed":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), failed))
end
`;

/** Whether the program is there. */
export async function findWrk(): Promise<boolean> {
  // It prints its usage and fails when it is asked for nothing but its version.
  return run("wrk", ["--version"]).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code !== "ENOENT",
  );
}

export async function wrkLoad({ url, body, inFlight, seconds }: Load): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), "bentoml-bench-"));
  try {
    const bodyPath = join(folder, "body.json");
    const scriptPath = join(folder, "load.lua");
    await writeFile(bodyPath, body);
    await writeFile(scriptPath, script);
    const options = ["--threads", "1", "--connections", `${inFlight}`, "--duration", `${seconds}s`, "--timeout", "60s", "--script", scriptPath, url];
    const { stdout } = await run("wrk", options, { env: { ...process.env, BENCH_BODY: bodyPath } });
    return readResult(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function readResult(output: string): LoadResult {
  const [, json] = /^result (.*)$/m.exec(output) ?? [];
  if (json === undefined) throw new Error(`wrk gave no result:\n${output}`);
  const { requests, micros, median, failed } = JSON.parse(json) as Record<"requests" | "micros" | "median" | "failed", number>;
  if (failed > 0) throw new Error(`${failed} of ${requests} requests failed.`);
  return { requestsPerSecond: requests / (micros / 1e6), medianMicros: median };
}
