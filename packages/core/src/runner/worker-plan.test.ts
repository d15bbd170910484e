import { expect, test } from "vitest";
import { planWorkers } from "./worker-plan.js";

test.each([
  { asked: undefined, multiThreading: true, cores: 8, plan: { workers: 1, threads: 8, spareCore: true } },
  { asked: undefined, multiThreading: false, cores: 8, plan: { workers: 8, threads: 1, spareCore: false } },
  { asked: 3, multiThreading: true, cores: 8, plan: { workers: 3, threads: 2, spareCore: true } },
  { asked: 4, multiThreading: true, cores: 2, plan: { workers: 4, threads: 1, spareCore: false } },
])("$asked workers on $cores cores", ({ asked, multiThreading, cores, plan }) => {
  expect(planWorkers(asked, multiThreading, cores)).toEqual(plan);
});

test.each([0, -1, 1.5])("%d workers are refused", (asked) => {
  expect(() => planWorkers(asked, true, 2)).toThrow(/at least 1/);
});
