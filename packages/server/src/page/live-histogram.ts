/** Lowest bound, in ms: quicker than anything that comes over a network. */
const LOWEST_MS = 0.1;
/** Each bound is this much above the one before: a quantile that is read off is right to a tenth. */
const FACTOR = 2 ** 0.25;
/** The last bound is about 105 s. */
const COUNT = 81;

/** Bounds of durations for the page's charts, in ms. Finer than those of the metrics, which are kept for all time. */
export const durationBoundsMs: readonly number[] = Array.from({ length: COUNT }, (_, index) => Number((LOWEST_MS * FACTOR ** index).toPrecision(4)));

/** Index of the bucket for a duration: the first whose bound is not below it, as many as there are bounds for longer ones. */
export function bucketOf(durationMs: number): number {
  let low = 0;
  let high = COUNT;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((durationBoundsMs[middle] as number) < durationMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
