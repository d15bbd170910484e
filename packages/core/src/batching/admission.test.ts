import { expect, test } from "vitest";
import { expectedLateness } from "./admission.js";
import { BatchTime } from "./batch-time.js";

/** A batch of n items takes 10 + n ms; full batches of 10 take 20 ms, of which 15 % (3 ms) is kept as a reserve. */
const batchTime = new BatchTime();
for (let round = 0; round < 20; round++) for (const items of [1, 10]) batchTime.add(items, 10 + items);

const base = { now: 0, items: 1, queuedItems: 0, maxBatchSize: 10, batchTime, freeAt: [0], otherKeys: 0, betweenArrivals: 0, itemsPerCall: 1, openEnded: false };

test.each([
  { what: "an idle worker: 11 ms and the reserve", given: {}, deadline: 15, late: false },
  { what: "an idle worker: too short a limit", given: {}, deadline: 13, late: true },
  { what: "a busy worker delays the start", given: { freeAt: [20] }, deadline: 30, late: true },
  { what: "a second worker that is free", given: { freeAt: [20, 0] }, deadline: 15, late: false },
  { what: "two full batches in front: 20 + 20 + 11 + 3", given: { queuedItems: 20 }, deadline: 53, late: true },
  { what: "two full batches in front, enough time", given: { queuedItems: 20 }, deadline: 55, late: false },
  { what: "those who come meanwhile ride in the same batch", given: { freeAt: [20], betweenArrivals: 4 }, deadline: 36, late: true },
  { what: "work of other keys goes before it", given: { otherKeys: 10 }, deadline: 22, late: true },
  { what: "two workers share the work of other keys", given: { otherKeys: 10, freeAt: [0, 0] }, deadline: 20, late: false },
  { what: "a stream that begins at the last moment", given: { openEnded: true, freeAt: [20] }, deadline: 31, late: false },
  { what: "a stream that begins after it", given: { openEnded: true, freeAt: [20] }, deadline: 30.9, late: true },
  { what: "no deadline", given: { queuedItems: 1e6 }, deadline: Infinity, late: false },
  { what: "thousands of batches in front: 1000 x 20 ms", given: { queuedItems: 10_000 }, deadline: 19_000, late: true },
  { what: "thousands of batches in front, enough time", given: { queuedItems: 10_000 }, deadline: 21_000, late: false },
])("$what", ({ given, deadline, late }) => {
  const lateness = expectedLateness({ ...base, ...given, deadline });
  if (late) expect(lateness).toBeGreaterThan(0);
  else expect(lateness).toBeLessThanOrEqual(0);
});
