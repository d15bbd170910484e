import { expect, test } from "vitest";
import { compareRow, compareTrace, isBetter } from "./comparison.js";
import { rows } from "./scenarios.js";
import { traces } from "./traces.js";

const SEEDS = [1, 2, 3];
/** The policy was looked at with the others; these it has never seen. */
const FRESH_SEEDS = [101, 102, 103];

test.each(rows.map((row) => [row.scenario.name, row] as const))("%s: the median of three seeds", (_name, row) => {
  expect(compareRow(row, SEEDS).value).toBeGreaterThanOrEqual(row.atLeast);
  expect(compareRow(row, FRESH_SEEDS).value).toBeGreaterThanOrEqual(row.atLeast);
});

test.each([[SEEDS], [FRESH_SEEDS]])("against the Python original's algorithm, the medians of seeds %j", (seeds) => {
  const comparisons = traces.map((trace) => compareTrace(trace, seeds));
  const worse = comparisons.filter(({ goodput, p99 }) => goodput < 0.98 || p99 > 1.05).map(({ trace }) => trace.scenario.name);
  expect(worse).toEqual([]);
  expect(comparisons.filter(isBetter).length).toBeGreaterThanOrEqual(8);
});
