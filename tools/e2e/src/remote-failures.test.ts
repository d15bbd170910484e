import { getEventListeners } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NdArray, isBentoMLError, type AnyRunner } from "bentoml-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runScript } from "./child-script.js";
import { ARITHMETIC_METHODS, fixtureRunner, method } from "./fixtures.js";
import { places } from "./places.js";
import { RemoteProcess } from "./remote-process.js";

const row = (value: number): NdArray => new NdArray("float32", [1, 1], Float32Array.of(value));

let folder: string;
let runner: AnyRunner;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bentoml-remote-"));
  runner = fixtureRunner("arithmetic", "Arithmetic", ARITHMETIC_METHODS, undefined, { graceMs: 0 });
});
afterEach(async () => {
  await runner.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const double = async (value: number): Promise<unknown> => ((await method(runner, "double").with({ timeoutMs: 20_000 })(row(value))) as NdArray).toNested();

test("a server that ends on SIGTERM finishes what it accepted", async () => {
  const { remote, url } = await RemoteProcess.start(0);
  await runner.initClient({ url });
  const answers = Array.from({ length: 50 }, (_, value) => double(value).catch((error: unknown) => error));
  await answers[0];
  const ended = remote.end("SIGTERM");
  for (const [value, answer] of (await Promise.all(answers)).entries()) {
    if (isBentoMLError(answer)) expect(["SERVER_CLOSING", "RUNNER_UNREACHABLE", "RUNNER_CONNECTION_LOST"]).toContain(answer.code);
    else expect(answer).toEqual([[value * 2]]);
  }
  expect(await ended).toEqual([0, null]);
});

test("1,000 calls and 100 streams leave no socket, no timer and no listener", async () => {
  const before = process.getActiveResourcesInfo().filter(isOurs).length;
  const remotePlaces = places.filter(({ place }) => place.startsWith("remote"));
  for (const { start } of remotePlaces) {
    const { signal } = new AbortController();
    const { runner: remote, stop } = await start((options) => fixtureRunner("everything", "Everything", { value: {}, numbers: { stream: true } }, undefined, { workers: 1, ...options }));
    for (let round = 0; round < 20; round++) {
      const call = method(remote, "value").with({ signal, timeoutMs: 30_000 });
      expect(await Promise.all(Array.from({ length: 50 }, (_, value) => call(value)))).toHaveLength(50);
    }
    for (let round = 0; round < 100; round++) {
      for await (const item of method(remote, "numbers").with({ signal, timeoutMs: 30_000 }).stream(round)) if (item === 50) break;
    }
    expect(getEventListeners(signal, "abort").length).toBeLessThanOrEqual(1);
    await stop();
  }
  await expect.poll(() => process.getActiveResourcesInfo().filter(isOurs).length).toBeLessThanOrEqual(before);
});

function isOurs(resource: string): boolean {
  return /TCP|Pipe|TLS|HTTP/i.test(resource);
}

test("a script that forgets destroy() ends by itself, though its connections are open", async () => {
  const { remote, url } = await RemoteProcess.start(0);
  const result = await runScript("forgetful-client.mjs", [url], {});
  expect(result).toMatchObject({ code: 0, signal: null, stdout: "[[42]]\n" });
  await remote.end("SIGTERM");
});
