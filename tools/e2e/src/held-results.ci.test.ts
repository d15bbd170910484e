import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const script = fileURLToPath(new URL("../fixtures/held-results.mjs", import.meta.url));

/*
 * A queue that is never empty once kept the last thousand calls that it had handed out, and with them their results: images as tensors took
 * 5 GB. What may be held is what 16 callers have or wait for: their results, the batches that these were cut from, the messages on the way.
 */
test.each(["thread", "process", "remote"])("results are let go while others wait all the time: %s", async (place) => {
  const { stdout } = await run(process.execPath, ["--expose-gc", script, place]);
  const { alone, batched } = JSON.parse(stdout) as { alone: number; batched: number };
  expect(alone).toBeGreaterThan(0);
  expect(Math.max(alone, batched)).toBeLessThan(100);
}, 60_000);
