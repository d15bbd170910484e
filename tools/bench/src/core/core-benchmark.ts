import { runExperiments, type BenchmarkOptions } from "../experiment.js";
import { openBatchThroughput } from "./batch-throughput.js";
import { openCallOverhead } from "./call-overhead.js";
import { openSlowModelDelay } from "./slow-model-delay.js";

const throughputs = [
  () => openBatchThroughput({ isolation: "thread", against: "engine", target: { atLeast: 0.95 } }),
  () => openBatchThroughput({ isolation: "process", against: "engine", target: { atLeast: 0.9 } }),
  () => openBatchThroughput({ isolation: "process", against: "threads", target: { atLeast: 0.9 } }),
];

/** Measures what the runner costs beside the bare engine, with both in this process. */
export function benchmarkCore(options: BenchmarkOptions): Promise<void> {
  return runExperiments("core", [openCallOverhead, ...throughputs, openSlowModelDelay], options);
}
