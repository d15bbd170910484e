import { channel } from "node:diagnostics_channel";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchRunners } from "./watch-runners.js";

let lines: string[];
let unwatch: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  const write = (text: string): void => void lines.push(text);
  unwatch = watchRunners({ tell: write, warn: write });
});

afterEach(() => {
  unwatch();
  vi.useRealTimers();
});

function shed(times: number): void {
  for (let time = 0; time < times; time++) channel("bentoml:shed").publish({ runner: "digits", method: "run", reason: "full", items: 1 });
}

test("a worker's death and return are told", () => {
  const worker = channel("bentoml:worker");
  worker.publish({ runner: "digits", workerIndex: 1, event: "crashed", reason: "exit code 134" });
  worker.publish({ runner: "digits", workerIndex: 1, event: "started" });
  worker.publish({ runner: "digits", workerIndex: 1, event: "ready" });
  worker.publish({ runner: "digits", workerIndex: 1, event: "failed", reason: "too often" });
  expect(lines).toEqual([
    "digits: worker 1 died and is started again: exit code 134",
    "digits: worker 1 is ready again",
    "digits: worker 1 cannot be kept running: too often",
  ]);
});

test("refused calls are told at once, then once per period with their number", () => {
  shed(3);
  expect(lines).toEqual(["digits: refused calls because the queue is full"]);
  vi.advanceTimersByTime(5_000);
  expect(lines.slice(1)).toEqual(["digits: refused calls because the queue is full (2 more)"]);
  shed(4);
  expect(lines).toHaveLength(2);
  vi.advanceTimersByTime(5_000);
  expect(lines.slice(2)).toEqual(["digits: refused calls because the queue is full (4 more)"]);
  // A period without any: the next one is news again.
  vi.advanceTimersByTime(5_000);
  shed(1);
  expect(lines.slice(3)).toEqual(["digits: refused calls because the queue is full"]);
});

test("what was not told yet is told at the end, and nothing after it", () => {
  shed(2);
  unwatch();
  shed(5);
  expect(lines).toEqual(["digits: refused calls because the queue is full", "digits: refused calls because the queue is full (1 more)"]);
});

test("failed batches are told, good ones are not", () => {
  const batch = channel("bentoml:batch");
  batch.publish({ runner: "digits", outcome: "ok" });
  batch.publish({ runner: "digits", outcome: "failed" });
  expect(lines).toEqual(["digits: a batch failed"]);
});
