/** Counts observations by bucket. A plain object on purpose: it is updated on every request, and read by scrapes only. */
export class HistogramSeries {
  count = 0;
  sum = 0;
  readonly bounds: readonly number[];
  /** Not cumulative; the last one is for what is above all bounds. */
  readonly buckets: Float64Array;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.buckets = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    this.count++;
    this.sum += value;
    const { bounds } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++;
    (this.buckets[bucket] as number)++;
  }
}
