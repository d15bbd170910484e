import { openSlowModelDelay } from "../core/slow-model-delay.js";
import { runExperiments, type BenchmarkOptions } from "../experiment.js";
import { openMeanBatch } from "./mean-batch.js";
import { openPlaceThroughput } from "./place-throughput.js";

const throughputs = [
  () => openPlaceThroughput("worker thread", { atLeast: 0.95 }),
  () => openPlaceThroughput("worker process", { atLeast: 0.9 }),
  () => openPlaceThroughput("runner server on a Unix socket", { atLeast: 0.85 }),
];

/** What batches bring, wherever the model runs, beside the same batches made in advance; and what they cost the calling thread. */
export function benchmarkBatching(options: BenchmarkOptions): Promise<void> {
  return runExperiments("batching", [...throughputs, openMeanBatch, openSlowModelDelay], options);
}
