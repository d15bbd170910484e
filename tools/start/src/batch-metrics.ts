/** How many batches a server ran, and how many items were in them. */
export interface BatchCounts {
  readonly batches: number;
  readonly items: number;
}

const line = /^bentoml_runner_adaptive_batch_size_(sum|count)(?:\{[^\n]*\})? (\S+)$/gm;

/** Reads the counts off the text of `/metrics`, of all runners and workers together. */
export function batchCounts(metrics: string): BatchCounts {
  const totals = { sum: 0, count: 0 };
  for (const [, kind, value] of metrics.matchAll(line)) totals[kind as "sum" | "count"] += Number(value);
  return { batches: totals.count, items: totals.sum };
}

/** Items per batch between two readings; NaN when there was no batch. */
export function meanBatchSize(before: BatchCounts, after: BatchCounts): number {
  return (after.items - before.items) / (after.batches - before.batches);
}
