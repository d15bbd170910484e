import { writeFileSync } from "node:fs";
import { mlp, smallMlpSizes } from "@bentoml-tools/onnx-models";
import { StateError } from "bentoml-core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { calibrate, get, saveModel } from "./index.js";
import { temporaryStore } from "./testing/temporary-store.js";

// In this thread; with workers it is an end-to-end test.
const options = { embedded: true, maxBatchSize: 8 };
const temporary = temporaryStore();

beforeEach(async () => {
  vi.stubEnv("BENTOML_HOME", temporary.file("home"));
  await saveModel("m:1", mlp({ sizes: smallMlpSizes }));
});

afterEach(() => {
  vi.unstubAllEnvs();
});

test("tells the times of every setting and which one is used from then on", async () => {
  const { batchSize, settings } = await calibrate("m", options);
  expect(batchSize).toBe(8);
  expect(settings[0]).toEqual({ name: "1 thread", singleMs: expect.any(Number) as number, fullBatchMs: expect.any(Number) as number, chosen: expect.any(Boolean) as boolean });
  expect(settings.filter(({ chosen }) => chosen)).toHaveLength(1);
  await using runner = await get("m").toRunner(options).init();
  expect(runner.facts).toMatchObject({ calibration: "kept" });
});

test("is refused where the result cannot be kept", async () => {
  writeFileSync(temporary.file("home/cache"), "");
  await expect(calibrate("m:1", options)).rejects.toThrow(StateError);
  await expect(calibrate("m:1", options)).rejects.toThrow(/m:1 cannot be calibrated: .*cannot be written to \(ENOTDIR\)/);
});

test("is refused for options that no runner has", async () => {
  await expect(calibrate("m:1", { threads: 2 } as object)).rejects.toThrow(/no option "threads"/);
});
