import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

/** Bytes, or how many times as many. */
interface Usage {
  /** Heap and external memory after collection. */
  readonly own: number;
  readonly rss: number;
  /** Of the worker's process, which is this one for a thread. */
  readonly workerRss: number;
}

/** Growth that is allowed between 10,000 calls and 100,000. */
const MOST_GROWTH = 1.05;

const PLACES = ["thread", "process", "remote"] as const;

/** What the calls from 10,000 to 100,000 after the `warmUp` have added, by part. */
async function growth(place: (typeof PLACES)[number], warmUp: number): Promise<Usage> {
  const script = fileURLToPath(new URL("../fixtures/many-calls.mjs", import.meta.url));
  const child = spawn(process.execPath, ["--expose-gc", script, place, String(warmUp)], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  const { early, late } = JSON.parse(text) as { early: Usage; late: Usage };
  return { own: late.own / early.own, rss: late.rss / early.rss, workerRss: late.workerRss / early.workerRss };
}

/*
 * The resident size is measured after 300,000 other calls: until then V8's young generation grows to its full size, 3 times 16 MB for each
 * thread, and its optimised code comes in. Without the optimiser and with a young generation of 1 MB (`--no-opt --max-semi-space-size=1`)
 * the resident size after the program's first 10,000 and 100,000 calls differs by 3 %, give or take 3 %; with V8 as it is by 10 to 30 %.
 */
describe.each(PLACES)("memory after 100,000 calls is that after 10,000: %s", (place) => {
  test("heap and external memory, from the program's first call on", async () => {
    expect((await growth(place, 0)).own).toBeLessThan(MOST_GROWTH);
  });

  test("resident size too, once V8 has grown", async () => {
    const { own, rss, workerRss } = await growth(place, 300_000);
    for (const part of [own, rss, workerRss]) expect(part, JSON.stringify({ own, rss, workerRss })).toBeLessThan(MOST_GROWTH);
  });
});
