import { compareRow, type ComparedRow, type RoundValues, type Row } from "./comparison.js";
import { reportResults, type Conditions } from "./results.js";

export interface BenchmarkOptions {
  readonly rounds: number;
  /** Of each measurement. */
  readonly seconds: number;
}

/** One row's measurement, with what it needs loaded. */
export interface Experiment {
  readonly row: Row;
  /** What was set up, such as threads. */
  readonly conditions: Conditions;
  measure(seconds: number, round: number): Promise<RoundValues>;
  close(): Promise<void>;
}

/** Makes the experiments one after the other, since the threads of one would disturb the next, and reports them. */
export async function runExperiments(benchmark: string, opens: readonly (() => Promise<Experiment>)[], { rounds, seconds }: BenchmarkOptions): Promise<void> {
  const compared: ComparedRow[] = [];
  let conditions: Conditions = {};
  for (const open of opens) {
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
  reportResults(benchmark, { ...conditions, rounds, "seconds each": seconds }, compared);
}
