import { InvalidArgumentError } from "../errors/index.js";
import { shown, type Configuration } from "../configuration/index.js";
import type { Params } from "../containers/index.js";
import type { StoredModel } from "../models/index.js";
import type { ResourceRequest } from "../resources/index.js";
import type { Strategy } from "./strategy.js";

/** Batching of one method. What is left out comes from the configuration, and is 100 and 60,000 there by default. */
export interface MethodBatching {
  /** Most items in one batch. */
  readonly maxBatchSize?: number;
  /** A call that cannot be answered within so many ms is refused with 503. */
  readonly maxLatencyMs?: number;
}

/**
 * Makes the arguments of a call what the method takes, in the caller's thread, before they go anywhere: pure, without any
 * native library. What it throws reaches that caller alone and never a batch.
 */
export type Prepare = (params: Params, methodName: string) => Params;

export interface RunnerOptions extends MethodBatching {
  /** Default: the class name in lower case. Must be a valid name of a tag. */
  readonly name?: string;
  readonly models?: readonly StoredModel[];
  /** By method name; wins over the runner's own `maxBatchSize` and `maxLatencyMs`. */
  readonly methodConfigs?: Readonly<Record<string, MethodBatching>>;
  /** Constructor argument of a Runnable class; plain data. */
  readonly runnableInitParams?: unknown;
  /** Runs in the caller's thread instead of in workers. Default false. */
  readonly embedded?: boolean;
  /** Whether the first call starts the workers by itself. Default true. */
  readonly autoInit?: boolean;
  /** Worker threads. Default: what the strategy says; without settings that is one for a Runnable that uses several cores itself, otherwise one per core. */
  readonly workers?: number;
  /** Wanted amounts by kind, `{ cpu: 2 }`; instead of those of the configuration, not merged with them. Default: all that the machine has. */
  readonly resources?: ResourceRequest;
  /** Workers for one unit of its resource. Default: that of the configuration, else 1. */
  readonly workersPerResource?: number;
  /** Decides the number of workers from the resources: an object, or a class that is made without arguments. Default: DefaultStrategy. */
  readonly schedulingStrategy?: Strategy | (new () => Strategy);
  /** Default: the configuration of the process, which is read when the first runner is made. */
  readonly configuration?: Configuration;
  /** Most items that may wait before calls are refused with 503. Default 100,000. */
  readonly maxQueueSize?: number;
  /**
   * Whether the calling thread and the workers may stay awake for a fraction of a millisecond when a batch is short, instead of
   * sleeping and being woken. Default: true where there are more cores than workers.
   */
  readonly spin?: boolean;
  /** How long an exit of the process waits for a run that is going on, ms. Default 2,000. */
  readonly exitWaitMs?: number;
  /** How long `destroy` lets accepted calls finish, ms. Default 30,000. */
  readonly graceMs?: number;
  readonly prepare?: Prepare;
}

export const DEFAULT_MAX_QUEUE_SIZE = 100_000;
export const DEFAULT_EXIT_WAIT_MS = 2_000;
export const DEFAULT_GRACE_MS = 30_000;

/** Numbers that must be right before anything is made from them: the least one, and whether it must be whole. */
const NUMBERS = {
  workers: { least: 1, whole: true },
  maxQueueSize: { least: 1, whole: true },
  exitWaitMs: { least: 0, whole: false },
  graceMs: { least: 0, whole: false },
} as const;

/** @throws InvalidArgumentError that names the option, its value and what is allowed. */
export function checkRunnerOptions(options: RunnerOptions): void {
  for (const [name, { least, whole }] of Object.entries(NUMBERS) as [keyof typeof NUMBERS, { least: number; whole: boolean }][]) {
    const value: unknown = options[name];
    if (value === undefined) continue;
    if (typeof value === "number" && value >= least && (whole ? Number.isInteger(value) : !Number.isNaN(value))) continue;
    throw new InvalidArgumentError(`${name} is ${shown(value)}; it must be a ${whole ? "whole number" : "number"} of at least ${least}.`);
  }
  const { workersPerResource } = options;
  if (workersPerResource !== undefined && !(Number.isFinite(workersPerResource) && workersPerResource > 0)) {
    throw new InvalidArgumentError(`workersPerResource is ${shown(workersPerResource)}; it must be a number above 0.`);
  }
}
