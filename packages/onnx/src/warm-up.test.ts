import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { chooseThreads, measureRuns, modelFolderBytes, zeroFeeds } from "./warm-up.js";

test("zeroFeeds makes a batch of one", () => {
  const feeds = zeroFeeds([
    { name: "x", dtype: "float32", shape: ["batch", -1, 2] },
    { name: "text", dtype: "string", shape: ["batch"] },
    { name: "rate", dtype: "float64", shape: [] },
    { name: "ids", dtype: "int64", shape: [0] },
  ]);
  expect(feeds).toEqual({
    x: { type: "float32", dims: [1, 1, 2], data: new Float32Array(2), location: "cpu" },
    text: { type: "string", dims: [1], data: [""], location: "cpu" },
    rate: { type: "float64", dims: [], data: new Float64Array(1), location: "cpu" },
    ids: { type: "int64", dims: [0], data: new BigInt64Array(0), location: "cpu" },
  });
});

test("zeroFeeds makes a batch of more rows where the graph leaves them open", () => {
  const inputs = [
    { name: "x", dtype: "bool", shape: ["batch", -1] },
    { name: "y", dtype: "bool", shape: [2, 3] },
  ] as const;
  const dims = (rows: number, batchDim: number): unknown => Object.values(zeroFeeds(inputs, rows, batchDim)).map((tensor) => tensor.dims);
  expect(dims(7, 0)).toEqual([[7, 1], [2, 3]]);
  expect(dims(7, 1)).toEqual([[1, 7], [2, 3]]);
});

/** A run that takes these times, ms, and the clock that shows them. */
function runsOf(...durations: readonly number[]): { run: () => Promise<void>; now: () => number; count: () => number } {
  let time = 0;
  let runs = 0;
  return {
    run: () => {
      time += durations[Math.min(runs++, durations.length - 1)] as number;
      return Promise.resolve();
    },
    now: () => time,
    count: () => runs,
  };
}

describe("measureRuns", () => {
  test.each([
    ["the first run does not count", [9, 2, 1, 3, 2], 1, 5],
    ["a slow model runs once", [50], 50, 1],
    ["no more once it is clear", [15, 6, 1], 6, 2],
  ])("%s", async (_what, durations, shortest, runs) => {
    const { run, now, count } = runsOf(...durations);
    expect(await measureRuns(run, undefined, now)).toBe(shortest);
    expect(count()).toBe(runs);
  });

  test("a failing run is the caller's to handle", async () => {
    await expect(measureRuns(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  });
});

test("chooseThreads", () => {
  const candidates = { lean: { threads: 1, spinning: false }, full: { threads: 4, spinning: true } };
  expect(chooseThreads(candidates, 0.9, () => 1e9)).toBe(candidates.lean);
  expect(chooseThreads(candidates, 1.1, () => 0)).toBe(candidates.full);
  expect(chooseThreads(candidates, undefined, () => 4 * 2 ** 20)).toBe(candidates.lean);
  expect(chooseThreads(candidates, undefined, () => 4 * 2 ** 20 + 1)).toBe(candidates.full);
});

test("modelFolderBytes counts external weights", () => {
  const folder = mkdtempSync(join(tmpdir(), "bentoml-onnx-bytes-"));
  mkdirSync(join(folder, "weights"));
  writeFileSync(join(folder, "saved_model.onnx"), "123");
  writeFileSync(join(folder, "weights", "w.bin"), "12345");
  expect(modelFolderBytes(join(folder, "saved_model.onnx"))).toBe(8);
  rmSync(folder, { recursive: true });
});
