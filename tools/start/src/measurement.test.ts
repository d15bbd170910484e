import { readHeldOut } from "@bentoml-tools/digits";
import { expect, test } from "vitest";
import { complaint, resultRows } from "./measurement.js";

test("accuracies must be equal and good", () => {
  expect(complaint({ servedAccuracy: 356 / 359, engineAccuracy: 19_936 / 20_104 })).toBeUndefined();
  expect(complaint({ servedAccuracy: 355 / 359, engineAccuracy: 356 / 359 })).toContain("98.89 %");
  expect(complaint({ servedAccuracy: 0.5, engineAccuracy: 0.5 })).toContain("under 97.00 %");
});

test("the rows say what was measured", () => {
  const latenciesMs = Float64Array.from({ length: 20_104 }, (_, index) => (index + 1) / 1000);
  const rows = resultRows({
    digits: readHeldOut(),
    load: { requests: 20_104, right: 19_936, durationMs: 2_000, latenciesMs },
    inFlight: 64,
    meanBatch: 31.25,
    servedAccuracy: 356 / 359,
    engineAccuracy: 356 / 359,
  });
  expect(rows.map(([what, value]) => `${what}: ${value}`)).toEqual([
    "accuracy, served: 99.16 %",
    "accuracy, engine alone: 99.16 %",
    "requests per second: 10,052",
    "latency p50: 10.1 ms",
    "latency p99: 19.9 ms",
    "mean batch: 31.3",
  ]);
});
