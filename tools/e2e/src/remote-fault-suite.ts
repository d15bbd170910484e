import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "vitest";
import { clientsLeaveBundles, oneOfABundleAborted, poisonInBundle, serverKilledInBundle, slowReadersOfBundles } from "./bundle-fault-scenarios.js";
import { clientsLeave, serverRestarted, slowReaders } from "./remote-fault-scenarios.js";

/** The tests of what a runner server and its clients survive, each fault made so many times. */
export function testRemoteFaults(times: number): void {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bentoml-remote-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test.skipIf(process.platform === "win32")("a server that is killed and comes back under load: every call has its answer or a typed error, and calls work again", async () => {
    await serverRestarted(folder, times);
  });

  test.skipIf(process.platform === "win32")("a server that is killed while calls that travel together run: each ends with a typed error, and calls work again", async () => {
    await serverKilledInBundle(folder, times);
  });

  describe.each(["thread", "process"] as const)("a server with workers of the kind %s", (isolation) => {
    test("clients that go in the middle of a call, a body and a stream leave nothing behind", async () => {
      await clientsLeave(folder, isolation, times);
    });

    test("readers that let their stream lie stop its generator, and nobody else", async () => {
      await slowReaders(folder, isolation, times);
    });

    test("clients that go while calls that travel together run and wait leave nothing behind", async () => {
      await clientsLeaveBundles(folder, isolation, times);
    });

    test("one of the calls that travel together is given up: the others are answered", async () => {
      await oneOfABundleAborted(folder, isolation, times);
    });

    test("one of the calls that travel together kills its worker: it alone fails", async () => {
      await poisonInBundle(isolation, times);
    });

    test("readers that let the answers to calls of one request lie stop nobody else, and get all", async () => {
      await slowReadersOfBundles(folder, isolation, times);
    });
  });
}
