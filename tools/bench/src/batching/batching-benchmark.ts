import { openSlowModelDelay } from "../core/slow-model-delay.js";
import { runExperiments, type BenchmarkOptions } from "../experiment.js";
import { openMeanBatch } from "./mean-batch.js";
import { openPlaceThroughput } from "./place-throughput.js";

const throughputs = [
  () => openPlaceThroughput({ place: "worker thread", target: { atLeast: 0.95 } }),
  () => openPlaceThroughput({ place: "worker process", target: { atLeast: 0.9 } }),
  () => openPlaceThroughput({ place: "runner server on a Unix socket", target: { atLeast: 0.85 } }),
  // The way there and back is shared by twice as many.
  () => openPlaceThroughput({ place: "runner server on a Unix socket", target: { atLeast: 0.85 }, callers: 128, maxBatchSize: 128 }),
  // With batches no larger than those it is compared with: what batching itself costs. No claim is made.
  () => openPlaceThroughput({ place: "worker thread", target: { atLeast: 0 }, maxBatchSize: 32 }),
];

/** What batches bring, wherever the model runs, beside the same batches made in advance; and what they cost the calling thread. */
export function benchmarkBatching(options: BenchmarkOptions): Promise<void> {
  return runExperiments("batching", [...throughputs, openMeanBatch, openSlowModelDelay], options);
}
