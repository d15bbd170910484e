import { deadlineRoom, decide, type Decision, type Situation } from "./decide.js";

/** When a free worker takes what waits, and how much of it. Pure: it is asked again whenever something changed. */
export type BatchingPolicy = (situation: Situation) => Decision;

/** The default: waits only for callers who are known to come back, and only while that pays. */
export const adaptivePolicy: BatchingPolicy = decide;

/** This share of a call's latency limit is never waited away: the time of a batch may not be known yet, and timers fire late. */
const LIMIT_SHARE_KEPT = 0.05;

/**
 * A batch starts when it is full, or when its oldest call has waited for `delayMs`: what other servers do. With 0, a free worker
 * takes at once what is there; with `Infinity` a batch waits as long as the latency limit of its first call allows.
 */
export function fixedDelayPolicy(delayMs: number): BatchingPolicy {
  return (situation) => {
    const { now, waiting, maxBatchSize, headAcceptedAt, waitingSince } = situation;
    const until = Math.min(headAcceptedAt + delayMs, latestStart(situation));
    if (waiting >= maxBatchSize || until <= now) return { go: maxBatchSize };
    return { go: 0, until, since: waitingSince < 0 ? now : waitingSince };
  };
}

function latestStart({ waiting, headAcceptedAt, headStartBy, batchTime }: Situation): number {
  if (headStartBy === Infinity) return Infinity;
  return headStartBy - Math.max(deadlineRoom(batchTime, waiting), LIMIT_SHARE_KEPT * (headStartBy - headAcceptedAt));
}
