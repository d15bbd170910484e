import type { LiveReading } from "../src/page/page-data.js";

/** What happened between two readings. Undefined where nothing happened that could be measured. */
export interface LivePoint {
  readonly requestsPerSecond: number;
  readonly failuresPerSecond: number;
  readonly medianMs: number | undefined;
  readonly slowestMs: number | undefined;
  readonly meanBatch: number | undefined;
  readonly queuedItems: number;
  readonly workers: number;
  readonly busyWorkers: number;
}

/** The difference of two readings of one watch; undefined when they are not of one, or not apart. */
export function pointBetween(before: LiveReading, after: LiveReading): LivePoint | undefined {
  const seconds = (after.atMs - before.atMs) / 1000;
  if (before.watch !== after.watch || seconds <= 0) return undefined;
  const counts = after.durations.counts.map((count, bucket) => count - (before.durations.counts[bucket] ?? 0));
  const sum = (reading: LiveReading, pick: (runner: LiveReading["runners"][number]) => number): number => reading.runners.reduce((total, runner) => total + pick(runner), 0);
  // A runner that has left took its counts along.
  const batches = Math.max(0, sum(after, (runner) => runner.batches) - sum(before, (runner) => runner.batches));
  const items = Math.max(0, sum(after, (runner) => runner.items) - sum(before, (runner) => runner.items));
  const workers = sum(after, (runner) => runner.workers);
  return {
    requestsPerSecond: (after.requests - before.requests) / seconds,
    failuresPerSecond: (after.failures - before.failures) / seconds,
    medianMs: quantile(after.durations.boundsMs, counts, 0.5),
    slowestMs: quantile(after.durations.boundsMs, counts, 0.99),
    meanBatch: batches === 0 ? undefined : items / batches,
    queuedItems: sum(after, (runner) => runner.queuedItems),
    workers,
    busyWorkers: workers - sum(after, (runner) => runner.idleWorkers),
  };
}

/** Read off a histogram, evenly within the bucket. Undefined when it is empty. */
export function quantile(bounds: readonly number[], counts: readonly number[], share: number): number | undefined {
  const wanted = counts.reduce((sum, count) => sum + count, 0) * share;
  if (!(wanted > 0)) return undefined;
  let below = 0;
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && below + count >= wanted) {
      const low = bounds[bucket - 1] ?? 0;
      const high = bounds[bucket] ?? low;
      return low + ((high - low) * (wanted - below)) / count;
    }
    below += count;
  }
  return bounds.at(-1);
}
