import type { RunnerOptions } from "bentoml-core";

/** Options of a command that go to the runners that it makes. */
export interface RunnerChoices {
  readonly workers?: number;
  readonly isolation?: "thread" | "process";
  readonly maxBatchSize?: number;
  readonly maxLatencyMs?: number;
  readonly gracefulTimeoutMs: number;
}

export function runnerOptions({ workers, isolation, maxBatchSize, maxLatencyMs, gracefulTimeoutMs }: RunnerChoices): RunnerOptions {
  return {
    graceMs: gracefulTimeoutMs,
    ...(workers === undefined ? {} : { workers }),
    ...(isolation === undefined ? {} : { isolation }),
    ...(maxBatchSize === undefined ? {} : { maxBatchSize }),
    ...(maxLatencyMs === undefined ? {} : { maxLatencyMs }),
  };
}
