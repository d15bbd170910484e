import { InvalidArgumentError, type DurationBuckets } from "bentoml-core";

/** Bounds of the original's request durations, in seconds. */
const originalBounds: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** The original's: a factor of nearly 1 must not make a series of thousands. */
const MOST_BOUNDS = 100;

/**
 * The bounds of a histogram of durations in seconds: those listed, or growing by `factor` from `min` to `max`; else the original's.
 *
 * @throws InvalidArgumentError for bounds that do not ascend.
 */
export function durationBounds({ buckets, min, max, factor }: Partial<DurationBuckets> = {}): readonly number[] {
  if (buckets !== undefined) return checked(buckets);
  if (min === undefined || max === undefined || factor === undefined) return originalBounds;
  if (!(min > 0 && factor > 1 && max > min && max < Infinity)) {
    throw new InvalidArgumentError(`durations grow from a min above 0 to a larger max by a factor above 1; given are min ${min}, max ${max} and factor ${factor}`);
  }
  return growingBounds(min, factor, max);
}

/** `start` times powers of `factor` up to `end`, and `end` itself. */
export function growingBounds(start: number, factor: number, end: number): readonly number[] {
  const bounds: number[] = [];
  for (let bound = start; bound < end && bounds.length < MOST_BOUNDS; bound *= factor) bounds.push(bound);
  bounds.push(end);
  return bounds;
}

function checked(bounds: readonly number[]): readonly number[] {
  const isAscending = bounds.every((bound, index) => Number.isFinite(bound) && bound > (bounds[index - 1] ?? 0));
  if (bounds.length > 0 && isAscending) return bounds;
  throw new InvalidArgumentError(`the buckets of durations must be one or more seconds above 0, each above the one before; they are [${bounds.join(", ")}]`);
}
