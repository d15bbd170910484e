import { decide, type Decision, type Situation } from "./decide.js";

/** When a free worker takes what waits, and how much of it. Pure: it is asked again whenever something changed. */
export type BatchingPolicy = (situation: Situation) => Decision;

/** The default: waits only for callers who are known to come back, and only while that pays. */
export const adaptivePolicy: BatchingPolicy = decide;

/**
 * A batch starts when it is full, or when its oldest call has waited for `delayMs`: what other servers do. With 0, a free worker
 * takes at once what is there.
 */
export function fixedDelayPolicy(delayMs: number): BatchingPolicy {
  return ({ now, waiting, maxBatchSize, headAcceptedAt, headStartBy, batchTime, waitingSince }) => {
    const until = Math.min(headAcceptedAt + delayMs, headStartBy - batchTime.at(Math.min(waiting, maxBatchSize)));
    if (waiting >= maxBatchSize || until <= now) return { go: maxBatchSize };
    return { go: 0, until, since: waitingSince < 0 ? now : waitingSince };
  };
}
