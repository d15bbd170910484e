import type { RunnerOptions } from "bentoml-core";

/** Options of a command that go to the runners that it makes. */
export interface RunnerChoices {
  readonly workers?: number;
  readonly maxBatchSize?: number;
  readonly maxLatencyMs?: number;
  readonly gracefulTimeoutMs: number;
}

export function runnerOptions({ workers, maxBatchSize, maxLatencyMs, gracefulTimeoutMs }: RunnerChoices): RunnerOptions {
  return {
    graceMs: gracefulTimeoutMs,
    ...(workers === undefined ? {} : { workers }),
    ...(maxBatchSize === undefined ? {} : { maxBatchSize }),
    ...(maxLatencyMs === undefined ? {} : { maxLatencyMs }),
  };
}
