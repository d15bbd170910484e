import type { BatchTime } from "./batch-time.js";

/**
 * Refusal on arrival: a call that would end after its deadline is told at once, instead of after it has waited. The finish is
 * estimated by filling the free and the running workers with full batches in front of it; the last batch grows by those who
 * arrive meanwhile. Rule and evidence: `docs/batching.md`.
 */

/** Part of a full batch's time that is kept as a reserve. */
const SLACK = 0.15;
/** A full batch that is so much larger than any that was seen is not believed: after calls of one item each its time is a mere guess. */
const BELIEVED_GROWTH = 2;
/** Above so many batches the estimate is a division: nobody needs the exact order of 200 batches. */
const MOST_BATCHES_SIMULATED = 200;

export interface AdmissionRequest {
  readonly now: number;
  readonly items: number;
  /** Items of its key that go before it. */
  readonly queuedItems: number;
  readonly maxBatchSize: number;
  readonly batchTime: BatchTime;
  /** When each worker is expected to be free, ms of the clock. */
  readonly freeAt: readonly number[];
  /** Work of other keys that goes before it, ms of one worker. */
  readonly otherKeys: number;
  /** Mean time between arrivals, ms, and mean items of a call. */
  readonly betweenArrivals: number;
  readonly itemsPerCall: number;
  /** Latest useful finish, ms of the clock. */
  readonly deadline: number;
  /** Only its beginning is limited: it needs no reserve for its own time. */
  readonly openEnded: boolean;
}

/** Expected lateness in ms: 0 or less means that the call can be accepted. */
export function expectedLateness(request: AdmissionRequest): number {
  if (request.deadline === Infinity || request.freeAt.length === 0) return 0;
  const { batchTime, maxBatchSize, openEnded } = request;
  const reserve = openEnded ? 0 : SLACK * batchTime.at(Math.min(maxBatchSize, BELIEVED_GROWTH * batchTime.largest));
  return expectedFinish(request) + reserve - request.deadline;
}

function expectedFinish({ now, items, queuedItems, maxBatchSize, batchTime, freeAt, otherKeys, betweenArrivals, itemsPerCall }: AdmissionRequest): number {
  const total = queuedItems + items;
  const batches = Math.ceil(total / maxBatchSize);
  const free = freeAt.map((time) => time + otherKeys / freeAt.length);
  if (batches > MOST_BATCHES_SIMULATED) {
    return Math.max(now, ...free) + (batches * batchTime.at(maxBatchSize)) / free.length;
  }
  let finish = now;
  for (let batch = 1; batch <= batches; batch++) {
    const first = indexOfSmallest(free);
    const start = Math.max(now, free[first] as number);
    const joined = betweenArrivals > 0 ? ((start - now) / betweenArrivals) * itemsPerCall : 0;
    const size = batch < batches ? maxBatchSize : Math.min(maxBatchSize, total - (batches - 1) * maxBatchSize + joined);
    finish = start + batchTime.at(size);
    free[first] = finish;
  }
  return finish;
}

function indexOfSmallest(values: readonly number[]): number {
  let smallest = 0;
  for (let index = 1; index < values.length; index++) {
    if ((values[index] as number) < (values[smallest] as number)) smallest = index;
  }
  return smallest;
}
