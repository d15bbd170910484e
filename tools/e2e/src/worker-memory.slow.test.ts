import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

interface Usage {
  /** Heap and external memory after collection, bytes. */
  readonly own: number;
  readonly rss: number;
  /** Of the worker's process, which is this one for a thread. */
  readonly workerRss: number;
}

/** Growth that is allowed between 10,000 calls and 100,000, once V8's heaps have grown. */
const MOST_GROWTH = 1.05;

test.each(["thread", "process"])("memory after 100,000 calls to a %s is that after 10,000", async (isolation) => {
  const script = fileURLToPath(new URL("../fixtures/many-calls.mjs", import.meta.url));
  const child = spawn(process.execPath, ["--expose-gc", script, isolation], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  const { early, late } = JSON.parse(text) as { early: Usage; late: Usage };
  for (const part of ["own", "rss", "workerRss"] as const) expect(late[part] / early[part], `${part} of ${text}`).toBeLessThan(MOST_GROWTH);
});
