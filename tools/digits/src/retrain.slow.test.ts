import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { measureAccuracy } from "./accuracy.js";
import { readHeldOut } from "./held-out-data.js";
import { trainingPath } from "./training-data.js";

const trainScript = fileURLToPath(new URL("train.ts", import.meta.url));
const tenMinutes = 600_000;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "digits-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

it(
  "a model trained anew reads at least 97 % of the held-out digits",
  async () => {
    // A copy away from the data folder: the script sees no other file beside it.
    const digitsPath = join(folder, "training.csv");
    const newModelPath = join(folder, "digits.onnx");
    copyFileSync(trainingPath, digitsPath);
    execFileSync(process.execPath, ["--import", "tsx", trainScript, digitsPath, newModelPath], {
      // From where tsx can be found, wherever the tests were started.
      cwd: dirname(trainScript),
      stdio: "ignore",
    });
    expect(await measureAccuracy(newModelPath, readHeldOut())).toBeGreaterThanOrEqual(0.97);
  },
  tenMinutes,
);
