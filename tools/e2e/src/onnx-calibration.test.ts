import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mlp, smallMlpSizes } from "@bentoml-tools/onnx-models";
import { ModelStore } from "bentoml-core";
import { calibrate, get, saveModel } from "bentoml-onnx";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

let home: string;
let store: ModelStore;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "bentoml-calibration-"));
  // Results are kept in the default store's folder, wherever the model is.
  vi.stubEnv("BENTOML_HOME", home);
  store = new ModelStore(join(home, "models of mine"));
  await saveModel("small:1", mlp({ sizes: smallMlpSizes }), { store });
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

test("workers use what a calibration has found, if they have its options", async () => {
  const options = { workers: 2, maxBatchSize: 4 };
  await using before = await get("small", { store }).toRunner(options).init();
  expect(before.facts).not.toHaveProperty("calibration");
  const { batchSize, settings } = await calibrate("small:1", { store, ...options });
  expect(batchSize).toBe(4);
  expect(settings.filter(({ chosen }) => chosen)).toHaveLength(1);
  await using after = await get("small", { store }).toRunner(options).init();
  expect(after.facts).toMatchObject({ calibration: "kept" });
  await using other = await get("small", { store }).toRunner({ ...options, maxBatchSize: 8 }).init();
  expect(other.facts).not.toHaveProperty("calibration");
});
