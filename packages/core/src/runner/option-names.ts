import { InvalidArgumentError } from "../errors/index.js";
import { didYouMean } from "../configuration/index.js";
import type { MethodBatching, RunnerOptions } from "./runner-options.js";

/** Every option of the batching of one method. The compiler holds this list complete, and the next one. */
const METHOD_BATCHING_NAMES = {
  maxBatchSize: true,
  maxLatencyMs: true,
  batchingStrategy: true,
  maxQueueDelayMs: true,
} as const satisfies Record<keyof MethodBatching, true>;

export const methodBatchingNames: readonly string[] = Object.keys(METHOD_BATCHING_NAMES);

/** Every option of a runner. */
const NAMES = {
  ...METHOD_BATCHING_NAMES,
  name: true,
  models: true,
  methodConfigs: true,
  runnableInitParams: true,
  embedded: true,
  autoInit: true,
  workers: true,
  resources: true,
  workersPerResource: true,
  schedulingStrategy: true,
  configuration: true,
  maxQueueSize: true,
  maxQueueBytes: true,
  spin: true,
  isolation: true,
  workerTimeoutMs: true,
  maxRequests: true,
  maxRssMb: true,
  workerNiceness: true,
  exitWaitMs: true,
  graceMs: true,
  prepare: true,
} as const satisfies Record<keyof RunnerOptions, true>;

export const runnerOptionNames: readonly string[] = Object.keys(NAMES);

/**
 * A misspelt option would silently do nothing.
 *
 * @throws InvalidArgumentError that names the option and what is allowed.
 */
export function checkOptionNames(options: object, allowed: readonly string[], what: string): void {
  for (const name of Object.keys(options)) {
    if (allowed.includes(name)) continue;
    throw new InvalidArgumentError(`${what} has no option "${name}"${didYouMean(name, allowed) || "."} It has: ${[...allowed].sort().join(", ")}.`);
  }
}

/** The options that are a runner's own, without those of an adapter. */
export function ownRunnerOptions(options: RunnerOptions): RunnerOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name in NAMES));
}
