import type { WorkerSlot } from "./worker-slot.js";

/** When a worker is replaced by a new one, though nothing is wrong with it. */
export interface RecyclingLimits {
  /** Calls that it has been given. */
  readonly maxRequests: number;
  /** Memory that it uses, a process, MB (2^20 bytes). */
  readonly maxRssMb: number;
}

export const NO_RECYCLING: RecyclingLimits = { maxRequests: Infinity, maxRssMb: Infinity };

/** Why the worker is to be replaced, or undefined. */
export function wornOut({ requests, rssMb }: WorkerSlot, { maxRequests, maxRssMb }: RecyclingLimits): string | undefined {
  if (requests >= maxRequests) return `it has had ${String(requests)} calls, maxRequests is ${String(maxRequests)}`;
  if (rssMb > maxRssMb) return `it uses ${rssMb.toFixed(0)} MB, maxRssMb is ${String(maxRssMb)}`;
  return undefined;
}
