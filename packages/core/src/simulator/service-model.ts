import type { RandomStream } from "./random-stream.js";

/** How long a model takes: `fixed + perItem · n` ms for a batch of n items, with noise. */
export interface ServiceModel {
  readonly fixed: number;
  readonly perItem: number;
  /** Part of the batches that take three times as long. */
  readonly stallChance?: number;
}

/** Kinds of models, after what was measured of real ones. */
export const profiles = {
  tiny: { fixed: 0.03, perItem: 0.001 },
  small: { fixed: 0.12, perItem: 0.005 },
  wide: { fixed: 1.9, perItem: 0.25 },
  conv: { fixed: 0.2, perItem: 2.2 },
  transformer: { fixed: 4, perItem: 1 },
  slow: { fixed: 50, perItem: 5 },
} as const satisfies Readonly<Record<string, ServiceModel>>;

export type ProfileName = keyof typeof profiles;

const NOISE = 0.07;
const STALL_CHANCE = 0.001;
const STALL_FACTOR = 3;

/** Time of one batch, ms: lognormal noise of 7 %, and now and then a stall. */
export function serviceTime({ fixed, perItem, stallChance = STALL_CHANCE }: ServiceModel, items: number, random: RandomStream): number {
  const noisy = (fixed + perItem * items) * Math.exp(NOISE * random.normal());
  return random.chance(stallChance) ? noisy * STALL_FACTOR : noisy;
}

/** Items per ms of full batches in all workers. */
export function capacity({ fixed, perItem }: ServiceModel, maxBatchSize: number, workers: number): number {
  return (workers * maxBatchSize) / (fixed + perItem * maxBatchSize);
}
