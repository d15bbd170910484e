import { createHash, randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { AnyRunner } from "bentoml-core";
import { describe, expect, test } from "vitest";
import { fixtureRunner, method } from "./fixtures.js";

const CALLS = 300;
const gone = new Error("not wanted any more");

const METHODS = { alone: { maxConcurrency: 3 }, joined: { batchable: true, maxConcurrency: 3 }, back: {} };

const digestOf = (bytes: Uint8Array): string => `${String(bytes.byteLength)} ${createHash("sha256").update(bytes).digest("hex")}`;

/** Of a few bytes to 400,000: some go with their message, others lie in memory that many calls use one after the other. */
const someFile = (index: number): Uint8Array => new Uint8Array(randomBytes(10 + ((index * 7919) % 400_000)));

describe.each(["thread", "process"] as const)("large bytes as arguments: %s", (isolation) => {
  const started = async (workers: number): Promise<AnyRunner> => fixtureRunner("digests", "Digests", METHODS, undefined, { isolation, workers, maxLatencyMs: 60_000 }).init();

  test.each(["alone", "joined"])("%s: each call is answered of its own bytes, whatever the caller writes later and whoever leaves", async (name) => {
    const runner = await started(2);
    const calls = Array.from({ length: CALLS }, async (_, index) => {
      await setTimeout(index % 20);
      const files = Array.from({ length: 1 + (index % 3) }, (__, place) => someFile(index + place));
      const expected = files.map(digestOf);
      const controller = new AbortController();
      const answer = method(runner, name).with({ signal: controller.signal })(files);
      for (const file of files) file.fill(0);
      if (index % 3 === 0) void setTimeout(index % 7).then(() => controller.abort(gone));
      const got = await answer.catch((error: unknown) => error);
      return got === gone ? "left" : { got, expected };
    });
    const ended = await Promise.all(calls);
    const answered = ended.filter((end) => end !== "left");
    expect(answered.length).toBeGreaterThanOrEqual(CALLS - CALLS / 3);
    expect(answered.length).toBeLessThan(CALLS);
    for (const { got, expected } of answered) expect(got).toEqual(expected);
    await runner.destroy();
  });

  test("a result that is an argument stays as it was", async () => {
    const runner = await started(1);
    const files = Array.from({ length: 20 }, (_, index) => someFile(50_000 + index));
    const results: Uint8Array[] = [];
    for (const file of files) results.push(...((await method(runner, "back")([file])) as Uint8Array[]));
    expect(results.map(digestOf)).toEqual(files.map(digestOf));
    await runner.destroy();
  });
});
