import type { BatchTime } from "./batch-time.js";
import type { ReturningCallers } from "./returning-callers.js";

/**
 * Whether a free worker takes what waits now, or waits a little for callers that were just answered. The rule, its constants
 * and their evidence are in `docs/batching.md`. Pure: everything it reads is an argument.
 */

/** A caller that returns later than this share of the fixed cost of a batch is not worth waiting for. */
export const RETURN_HORIZON = 0.75;
/** No wait ever costs more than this share of what merging two batches saves. */
const LONGEST_WAIT = 0.6;
/** Patience for one more caller is at least this share of the fixed cost. */
const LEAST_PATIENCE = 0.25;
const GAPS_OF_PATIENCE = 4;
/** Callers must return at least this often, or waiting is gambling. */
const LEAST_RETURN_SHARE = 0.6;
/** They must come at least three times faster than requests come on average, or it is only a steady stream. */
const BURST = 1 / 3;
/** Batching pays nothing when the fixed cost is a smaller part than this. */
const LEAST_FIXED_SHARE = 0.05;
/**
 * A saving below this, ms, is not worth a wait: the calling thread has to look again turn by turn until it ends, which costs it more than
 * the batch saves its worker. By pairs of the real pool over HTTP, a model of 0.1 ms did 8 to 18 % better without waiting.
 */
const LEAST_FIXED_MS = 0.5;
/** Cost of one more message to a worker, ms. */
const MESSAGE_COST_MS = 0.02;
/** Room left before a deadline, ms. */
const DEADLINE_ROOM_MS = 0.1;

export interface Situation {
  readonly now: number;
  /** Items that wait under this key, at least 1. */
  readonly waiting: number;
  /** Items of this key that run now. */
  readonly running: number;
  readonly idleWorkers: number;
  readonly workers: number;
  readonly maxBatchSize: number;
  /** When the oldest call was accepted, ms. */
  readonly headAcceptedAt: number;
  /** Latest start of the oldest call, ms; `Infinity` for none. */
  readonly headStartBy: number;
  readonly batchTime: BatchTime;
  readonly callers: ReturningCallers;
  /** Since when this key waits for returning callers with a worker free, or -1. */
  readonly waitingSince: number;
}

/** `go`: dispatch up to so many items. `wait`: look again at the latest at `until` (ms), `since` is when waiting began. */
export type Decision =
  | { readonly go: number; readonly until?: undefined; readonly since?: undefined }
  | { readonly go: 0; readonly until: number; readonly since: number };

/** How long a return still counts, ms. */
export function returnHorizon(batchTime: BatchTime, maxBatchSize: number): number {
  return Math.min(RETURN_HORIZON * batchTime.fixed, 0.5 * batchTime.at(maxBatchSize));
}

export function decide(situation: Situation): Decision {
  const { now, waiting, workers, maxBatchSize, batchTime, callers } = situation;
  const fixed = batchTime.fixed;
  if (waiting >= maxBatchSize || fixed < Math.max(LEAST_FIXED_MS, LEAST_FIXED_SHARE * batchTime.at(waiting))) return { go: spread(situation, Infinity) };
  callers.expire(now, returnHorizon(batchTime, maxBatchSize));
  const group = callers.awaited;
  if (group === undefined || callers.share < LEAST_RETURN_SHARE) return { go: spread(situation, Infinity) };

  const share = workers > 1 ? Math.ceil((waiting + situation.running + callers.expected * callers.items) / workers - 0.25) : Infinity;
  const expected = Math.min(callers.expected, (Math.min(maxBatchSize, share) - waiting) / callers.items);
  if (expected < 0.5) return { go: spread(situation, share) };

  const since = situation.waitingSince < 0 ? now : situation.waitingSince;
  const waited = now - since;
  const toNext = group.noneReturned ? Math.max(callers.first - (now - group.answeredAt), callers.gap) : callers.gap;
  const needed = toNext + callers.gap * Math.max(0, expected - 1);
  const costs = waiting * needed >= (fixed + waited) * expected * callers.items;
  const tooLong = waited + needed > LONGEST_WAIT * fixed;
  const onlyAStream = needed > BURST * expected * callers.betweenArrivals;
  if (costs || tooLong || onlyAStream) return { go: spread(situation, share) };

  const until = waitUntil(situation, group, since, expected);
  return until <= now ? { go: spread(situation, share) } : { go: 0, until, since };
}

function waitUntil(
  { waiting, maxBatchSize, headStartBy, batchTime, callers }: Situation,
  group: { readonly answeredAt: number; readonly noneReturned: boolean },
  since: number,
  expected: number,
): number {
  const fixed = batchTime.fixed;
  const byRhythm = group.noneReturned
    ? 1.5 * callers.first + GAPS_OF_PATIENCE * callers.gap
    : GAPS_OF_PATIENCE * (callers.gap + callers.gapDeviation);
  const byStake = LEAST_PATIENCE * fixed * Math.min(1, (expected * callers.items) / waiting);
  const from = group.noneReturned ? group.answeredAt : Math.max(callers.lastReturn, group.answeredAt);
  const room = deadlineRoom(batchTime, Math.min(maxBatchSize, waiting + expected * callers.items));
  return Math.min(from + Math.max(byRhythm, byStake), since + LONGEST_WAIT * fixed, headStartBy - room);
}

/** How long before the first deadline of a batch of `items` it is started at the latest, ms. */
export function deadlineRoom(batchTime: BatchTime, items: number): number {
  return 1.1 * batchTime.at(items) + DEADLINE_ROOM_MS;
}

/** With several workers a batch is cut to this worker's share, but only where that saves more time than a message costs. */
function spread({ waiting, idleWorkers, workers, maxBatchSize, batchTime }: Situation, share: number): number {
  if (workers === 1) return maxBatchSize;
  const part = idleWorkers > 1 ? Math.ceil(waiting / idleWorkers) : share;
  const cut = Math.min(Math.max(part, 1), maxBatchSize);
  return batchTime.perItem * (Math.min(waiting, maxBatchSize) - cut) > MESSAGE_COST_MS ? cut : maxBatchSize;
}
