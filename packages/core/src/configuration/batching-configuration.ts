import { totalmem } from "node:os";
import { valueAt, type Section } from "./section.js";
import { flagAt, numberAt } from "./setting-values.js";

export const batchingStrategies = ["adaptive", "fixed", "off"] as const;

/**
 * When batches are started. "adaptive" measures, and waits only where that pays. "fixed" waits until a batch is full, or its first call
 * has waited for `maxQueueDelayMs`. "off" runs every call by itself.
 */
export type BatchingStrategy = (typeof batchingStrategies)[number];

const DEFAULT_MAX_BATCH_SIZE = 100;
const DEFAULT_MAX_LATENCY_MS = 60_000;
const DEFAULT_MAX_QUEUE_SIZE = 100_000;
/** Of the memory that the process may use: what waits must not be what ends it. */
const QUEUE_SHARE_OF_MEMORY = 1 / 4;

/** What a configuration says about the batching of one runner. */
export interface BatchingConfiguration {
  /** False: no calls are joined, whatever the strategy. Default true. */
  readonly enabled: boolean;
  /** Undefined is "adaptive". */
  readonly strategy: BatchingStrategy | undefined;
  /** Items. Default 100. */
  readonly maxBatchSize: number;
  /** Default 60 000. */
  readonly maxLatencyMs: number;
  /** How long a call may wait for others with the strategy "fixed"; undefined is as long as its latency limit allows. */
  readonly maxQueueDelayMs: number | undefined;
  /** Items that may wait. Default 100 000. */
  readonly maxQueueSize: number;
  /** Bytes of the arguments of calls that may wait. Default: a quarter of the memory that the process may use. */
  readonly maxQueueBytes: number;
}

/** `settings`: of a runner. */
export function batchingConfiguration(settings: Section): BatchingConfiguration {
  const number = (key: string): number | undefined => numberAt(settings, ["batching", key]);
  return {
    enabled: flagAt(settings, ["batching", "enabled"], true),
    strategy: strategyOf(settings),
    maxBatchSize: number("max_batch_size") ?? DEFAULT_MAX_BATCH_SIZE,
    maxLatencyMs: number("max_latency_ms") ?? DEFAULT_MAX_LATENCY_MS,
    maxQueueDelayMs: number("max_queue_delay_ms"),
    maxQueueSize: number("max_queue_size") ?? DEFAULT_MAX_QUEUE_SIZE,
    maxQueueBytes: number("max_queue_bytes") ?? Math.floor(QUEUE_SHARE_OF_MEMORY * memoryOfProcess()),
  };
}

function strategyOf(settings: Section): BatchingStrategy | undefined {
  const value = valueAt(settings, ["batching", "strategy"]) as BatchingStrategy | false | null | undefined;
  // YAML reads a plain `off` as false.
  return value === false ? "off" : (value ?? undefined);
}

/** Bytes: the machine's, or the limit of the control group. */
function memoryOfProcess(): number {
  // 0 or undefined where there is no limit, by the version of Node.js.
  return Math.min(process.constrainedMemory() || Infinity, totalmem());
}
