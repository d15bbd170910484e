import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ModelStore } from "bentoml-core";
import { saveModel } from "bentoml-tfjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { layers, tfjsBackends, useCpu } from "./tfjs-library.js";

const script = fileURLToPath(new URL("../fixtures/tfjs-memory.mjs", import.meta.url));

/** Seconds on a quiet machine. */
const MOST_MS = 300_000;

let home: string;

beforeAll(async () => {
  await useCpu();
  home = await mkdtemp(join(tmpdir(), "bentoml-tfjs-memory-"));
  const model = layers.sequential({ layers: [layers.layers.activation({ activation: "relu", inputShape: [16_384] })] });
  await saveModel("relu:1", model, { store: new ModelStore(home) });
});

afterAll(() => rm(home, { recursive: true, force: true }));

// What 5,000 calls pass in and out is 0.65 GB.
test.each(tfjsBackends)("the process does not grow over 15,000 calls on %s", async (backend) => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", script, home, "relu:1", backend], { env: { ...process.env, NODE_OPTIONS: "" } });
  expect(Number(stdout.trim())).toBeLessThan(32 * 1024 * 1024);
}, MOST_MS);
