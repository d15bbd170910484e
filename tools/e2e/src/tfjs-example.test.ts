import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { tfjsBackends } from "./tfjs-library.js";

const script = fileURLToPath(new URL("../../../docs/examples/tfjs/tfjs.mjs", import.meta.url));

/** Seconds on a quiet machine. */
const LEARNING_MS = 240_000;

test("the example learns flowers, and classifies those that it has never seen", async () => {
  const home = mkdtempSync(join(tmpdir(), "bentoml-tfjs-example-"));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script], { env: { ...process.env, BENTOML_HOME: home } });
    expect(stdout).toBe(`30 of 30 held-out flowers are classified right, on the backend "${tfjsBackends[0]}".\n`);
  } finally {
    rmSync(home, { recursive: true });
  }
}, LEARNING_MS);
