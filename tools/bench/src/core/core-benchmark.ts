import { compareRow, type RoundValues, type Row } from "../comparison.js";
import { reportResults } from "../results.js";
import { openBatchThroughput } from "./batch-throughput.js";
import { openCallOverhead } from "./call-overhead.js";
import { openLoopDelay } from "./loop-delay.js";

export interface CoreBenchmarkOptions {
  readonly rounds: number;
  /** Of each measurement. */
  readonly seconds: number;
}

/** One row's measurement, with what it needs loaded. */
export interface Experiment {
  readonly row: Row;
  /** What was set up, such as threads. */
  readonly conditions: Readonly<Record<string, string>>;
  measure(seconds: number, round: number): Promise<RoundValues>;
  close(): Promise<void>;
}

const throughputs = [
  () => openBatchThroughput({ isolation: "thread", against: "engine", target: { atLeast: 0.95 } }),
  () => openBatchThroughput({ isolation: "process", against: "engine", target: { atLeast: 0.9 } }),
  () => openBatchThroughput({ isolation: "process", against: "threads", target: { atLeast: 0.9 } }),
];

/** Measures what the runner costs beside the bare engine, with both in this process. */
export async function benchmarkCore({ rounds, seconds }: CoreBenchmarkOptions): Promise<void> {
  const compared = [];
  let conditions = {};
  // One after the other: the threads of one would disturb the next.
  for (const open of [openCallOverhead, ...throughputs, openLoopDelay]) {
    const experiment = await open();
    try {
      const values: RoundValues[] = [];
      for (let round = 0; round < rounds; round++) values.push(await experiment.measure(seconds, round));
      compared.push(compareRow(experiment.row, values));
    } finally {
      await experiment.close();
    }
    conditions = { ...conditions, ...experiment.conditions };
  }
  reportResults("core", { ...conditions, rounds, "seconds each": seconds }, compared);
}
