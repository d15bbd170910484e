import { describe, expect, test } from "vitest";
import { adaptivePolicy, type BatchingPolicy, type Situation } from "../batching/index.js";
import { compareRow, compareTrace, isBetter } from "./comparison.js";
import { adaptive, neverWaiting } from "./contenders.js";
import { capacityPerSecond, limitedProfiles, overload } from "./overloads.js";
import { rows } from "./scenarios.js";
import { profiles } from "./service-model.js";
import { simulate } from "./simulate.js";
import { traces } from "./traces.js";

const SEEDS = [1];

test.each(rows.map((row) => [row.scenario.name, row] as const))("%s: waiting gains what the design says, or costs next to nothing", (_name, row) => {
  expect(compareRow(row, SEEDS).value).toBeGreaterThanOrEqual(row.atLeast);
});

describe("under too much work", () => {
  test.each(limitedProfiles.flatMap(([profile, limit]) => [1.2, 2].map((load) => [profile, limit, load] as const)))(
    "%s with a limit of %i ms at %d times its capacity stays useful and refuses on arrival",
    (profile, limit, load) => {
      const result = simulate(overload(profile, limit, load), adaptive, 1);
      expect(result.goodput / capacityPerSecond(profiles[profile])).toBeGreaterThanOrEqual(0.93);
      expect(result.late).toBeLessThanOrEqual(0.03);
      expect(result.refusedOnArrival).toBeGreaterThanOrEqual(load >= 2 ? 0.95 : 0.9);
    },
  );

  test.each(limitedProfiles)("%s with a limit of %i ms sheds next to nothing at 0.7 times its capacity", (profile, limit) => {
    expect(simulate(overload(profile, limit, 0.7), adaptive, 1).shed).toBeLessThanOrEqual(0.005);
  });

  test("an overload that lasts makes nobody wait longer than the next batch takes", () => {
    const { p99 } = simulate(overload("wide", 50, 2), adaptive, 1);
    const fullBatch = profiles.wide.fixed + 32 * profiles.wide.perItem;
    expect(p99).toBeLessThan(2.5 * fullBatch);
  });

  test("a thousand callers with one request each in flight are no overload", () => {
    const scenario = { name: "", models: [profiles.wide], loads: [{ callers: 1000, limits: [60_000] }], requests: 12_000 };
    expect(simulate(scenario, adaptive, 1).shed).toBe(0);
  });
});

describe("against the Python original's algorithm", () => {
  const comparisons = traces.map((trace) => compareTrace(trace, SEEDS));

  test.each(comparisons.map((each) => [each.trace.scenario.name, each] as const))("%s: no less goodput, no longer tail", (_name, { goodput, p99 }) => {
    expect(goodput).toBeGreaterThanOrEqual(0.98);
    expect(p99).toBeLessThanOrEqual(1.05);
  });

  test("better on most of the traces", () => {
    expect(comparisons.filter(isBetter).length).toBeGreaterThanOrEqual(8);
  });
});

describe("exactly", () => {
  const wide = { name: "", models: [profiles.wide], loads: [{ callers: 1 }] };

  test("a lone caller never waits", () => {
    expect(simulate(wide, adaptive, 1).waits).toBe(0);
  });

  test("nor does one whose neighbours have left", () => {
    // The first quarter of the run, with all sixteen, is not measured.
    const loads = [{ callers: 16, staying: { callers: 1, after: 20 } }];
    expect(simulate({ ...wide, loads, requests: 1300, hiccups: 0 }, adaptive, 1)).toMatchObject({ waits: 0, meanBatch: 1 });
  });

  test.each([
    ["in turn", { loads: [{ callers: 16 }] }],
    ["of a model to which batches bring little", { models: [{ fixed: 0.05, perItem: 2 }], loads: [{ callers: 8, items: [1, 8] as const }] }],
    ["at random", { loads: [{ rate: () => 1, spacing: "poisson" as const, limits: [20] }] }],
    ["in turn with a limit", { loads: [{ callers: 16, limits: [12] }] }],
  ])("requests %s: no wait but for callers known to return, a fixed cost worth saving, and no longer than the head has time", (_name, changes) => {
    const unfounded: Situation[] = [];
    const policy: BatchingPolicy = (situation) => {
      const decision = adaptivePolicy(situation);
      const { batchTime, callers, waiting, headStartBy } = situation;
      const founded = callers.share >= 0.6 && batchTime.fixed >= 0.05 * batchTime.at(waiting);
      if (decision.until !== undefined && !(founded && decision.until + batchTime.at(waiting) <= headStartBy)) unfounded.push(situation);
      return decision;
    };
    simulate({ ...wide, ...changes }, { policy }, 1);
    expect(unfounded).toEqual([]);
  });

  test.each([2, 4, 8, 16, 31])("%i callers: no wait is longer than 0.6 of a batch's fixed cost, learned within 10 %%", (callers) => {
    const { waits, longestWait } = simulate({ ...wide, loads: [{ callers }] }, adaptive, 1);
    expect(waits).toBeGreaterThan(0);
    expect(longestWait).toBeLessThanOrEqual(0.6 * 1.1 * profiles.wide.fixed);
  });

  test("no batch is larger than allowed", () => {
    const loads = [{ callers: 40, items: [1, 8] as const }];
    expect(simulate({ ...wide, loads, maxBatchSize: 16 }, adaptive, 1).largestBatch).toBe(16);
  });

  test("callers that do not come back make no batch wait: the decisions are those of never waiting", () => {
    const scenario = { ...wide, loads: [{ callers: 16, think: 500 }] };
    const { waits, ...waiting } = simulate(scenario, adaptive, 1);
    const { waits: none, ...never } = simulate(scenario, neverWaiting, 1);
    expect([waits, none]).toEqual([0, 0]);
    expect(waiting).toEqual(never);
  });

  test("the same seed gives the same run, another seed another", () => {
    const scenario = { ...wide, loads: [{ callers: 16 }] };
    expect(simulate(scenario, adaptive, 5)).toEqual(simulate(scenario, adaptive, 5));
    expect(simulate(scenario, adaptive, 5)).not.toEqual(simulate(scenario, adaptive, 6));
  });
});
