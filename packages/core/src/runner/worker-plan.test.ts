import { expect, test } from "vitest";
import { planWorkers } from "./worker-plan.js";

test.each([
  { workers: 1, granted: 8, available: 8, threadLimit: 8, plan: { workers: 1, threads: 8, spareCore: true } },
  { workers: 8, granted: 8, available: 8, threadLimit: 1, plan: { workers: 8, threads: 1, spareCore: false } },
  { workers: 3, granted: 8, available: 8, threadLimit: undefined, plan: { workers: 3, threads: 2, spareCore: true } },
  { workers: 4, granted: 2, available: 2, threadLimit: undefined, plan: { workers: 4, threads: 1, spareCore: false } },
  { workers: 1, granted: 4, available: 16, threadLimit: 4, plan: { workers: 1, threads: 4, spareCore: true } },
  { workers: 2, granted: 4, available: 16, threadLimit: 4, plan: { workers: 2, threads: 2, spareCore: true } },
  { workers: 1, granted: 8, available: 8, threadLimit: 3, plan: { workers: 1, threads: 3, spareCore: true } },
])("$workers workers on $granted of $available cores, at most $threadLimit threads each", ({ plan, ...cores }) => {
  expect(planWorkers(cores)).toEqual(plan);
});
