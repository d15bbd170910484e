import { expect, test } from "vitest";
import { adaptive } from "./contenders.js";
import { DEFAULT_MAX_BATCH_SIZE, type Scenario } from "./scenario.js";
import { capacity, profiles } from "./service-model.js";
import { simulate } from "./simulate.js";

const { wide, conv } = profiles;
const full = capacity(wide, DEFAULT_MAX_BATCH_SIZE, 1);
const scenario: Scenario = { name: "", models: [wide], loads: [], requests: 12_000 };
/** Weights of high, normal and low priority. */
const WEIGHTS = [2, 1, 0.5];

test("callers of three priorities that always have work share the model 4 : 2 : 1", () => {
  const { byPriority } = simulate({ ...scenario, loads: WEIGHTS.map((weight) => ({ callers: 100, priorities: [weight] })) }, adaptive, 1);
  const [high = 0, normal = 0, low = 0] = WEIGHTS.map((weight) => byPriority.get(weight)?.throughput);
  expect(high / normal).toBeCloseTo(2, 1);
  expect(normal / low).toBeCloseTo(2, 1);
});

test("too much work of every priority: the more important, the more is answered, and the least is not starved", () => {
  const loads = WEIGHTS.map((weight) => ({ rate: () => 0.5 * full, spacing: "poisson" as const, limits: [50], priorities: [weight] }));
  const { byPriority, goodput } = simulate({ ...scenario, loads }, adaptive, 1);
  const [high = 0, normal = 0, low = 0] = WEIGHTS.map((weight) => (byPriority.get(weight)?.throughput ?? 0) / (500 * full));
  expect(high).toBeGreaterThan(0.85);
  expect(normal).toBeGreaterThan(1.3 * low);
  expect(low).toBeGreaterThan(0.2);
  expect(goodput / (1000 * full)).toBeGreaterThan(0.93);
});

test("with little work a priority changes nothing", () => {
  const loads = WEIGHTS.map((weight) => ({ rate: () => 0.1 * full, spacing: "poisson" as const, priorities: [weight] }));
  const { byPriority } = simulate({ ...scenario, loads }, adaptive, 1);
  const means = WEIGHTS.map((weight) => byPriority.get(weight)?.meanLatency ?? 0);
  expect(Math.max(...means) / Math.min(...means)).toBeLessThan(1.1);
});

test.each([0.8, 0.95])("short and long limits mixed, at %d of capacity: all are answered in time", (load) => {
  const loads = [{ rate: () => load * full, spacing: "poisson" as const, limits: [30, 500] }];
  const result = simulate({ ...scenario, loads }, adaptive, 1);
  expect(result.shed).toBeLessThan(0.002);
  expect(result.late).toBeLessThan(0.002);
});

test("short limits go before long ones without starving them", () => {
  // Patient callers beside a flood of hasty requests that takes nearly all of the time.
  const loads = [
    { rate: () => 0.97 * full, spacing: "poisson" as const, limits: [60] },
    // A weight of next to 1, to tell them apart in the result.
    { callers: 2, limits: [60_000], priorities: [1.0001] },
  ];
  const { byPriority } = simulate({ ...scenario, loads }, adaptive, 1);
  const fullBatch = wide.fixed + 32 * wide.perItem;
  expect(byPriority.get(1.0001)?.meanLatency).toBeLessThan(16 * fullBatch);
  expect(byPriority.get(1.0001)?.throughput).toBeGreaterThan(0);
});

test("callers who leave cost the others nothing, and too little work is left for refusals", () => {
  const load = { rate: () => 1.2 * full, spacing: "poisson" as const, limits: [50] };
  const staying = simulate({ ...scenario, loads: [load] }, adaptive, 1);
  const leaving = simulate({ ...scenario, loads: [{ ...load, aborts: 0.3, abortAfter: 20 }] }, adaptive, 1);
  expect(leaving.aborted).toBeGreaterThan(1000);
  expect(leaving.shed).toBeLessThan(0.5 * staying.shed);
  expect(leaving.p99).toBeLessThanOrEqual(50);
});

test.each([1.2, 2])("two kinds of requests that cannot share a batch, %d times too much of both: half of the time each, refused on arrival", (load) => {
  const capacities = [full, capacity(conv, DEFAULT_MAX_BATCH_SIZE, 1)] as const;
  const loads = [
    { rate: () => load * 0.5 * capacities[0], spacing: "poisson" as const, limits: [100], kinds: [0] },
    { rate: () => load * 0.5 * capacities[1], spacing: "poisson" as const, limits: [200], kinds: [1] },
  ];
  const result = simulate({ ...scenario, models: [wide, conv], loads }, adaptive, 1);
  const shares = result.throughputByKind.map((perSecond, kind) => perSecond / (1000 * (capacities[kind] as number)));
  expect(shares[0]).toBeGreaterThan(0.42);
  expect(shares[1]).toBeGreaterThan(0.42);
  expect(result.late).toBeLessThanOrEqual(0.03);
  expect(result.refusedOnArrival).toBeGreaterThan(0.7);
});

test("a cheap kind is not starved by a dear one", () => {
  const models = [wide, { fixed: 30, perItem: 4 }];
  const loads = [
    { callers: 64, kinds: [0] },
    { callers: 64, kinds: [1] },
  ];
  const [cheap = 0, dear = 0] = simulate({ ...scenario, models, loads }, adaptive, 1).throughputByKind;
  expect(cheap).toBeGreaterThan(5 * dear);
});
