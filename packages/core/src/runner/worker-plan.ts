import { availableParallelism } from "node:os";
import { InvalidArgumentError } from "../errors/index.js";

export interface WorkerPlan {
  readonly workers: number;
  /** CPU threads per worker; workers times threads are at most the cores. */
  readonly threads: number;
  /** A core is left for the calling thread, so that nobody loses it to a thread that stays awake. */
  readonly spareCore: boolean;
}

/** How many workers, and how many threads each may use. A Runnable that uses several cores by itself gets one worker. */
export function planWorkers(asked: number | undefined, multiThreading: boolean, cores: number = availableParallelism()): WorkerPlan {
  if (asked !== undefined && (!Number.isInteger(asked) || asked < 1)) {
    throw new InvalidArgumentError(`workers is ${String(asked)}; it must be a whole number of at least 1.`);
  }
  const workers = asked ?? (multiThreading ? 1 : cores);
  return { workers, threads: Math.max(1, Math.floor(cores / workers)), spareCore: cores > workers };
}
