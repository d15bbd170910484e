/**
 * The learned time of a batch: `at(n) = b + a·n` ms for n items, b the fixed cost that merging two batches saves, a the cost
 * of an item. Weighted least squares over one cell per power of two of n, so that a stream of equal sizes cannot push the
 * other sizes out, with clipping against stalls. Constants as found by simulation, see `docs/batching.md`.
 */
const SAMPLE_DECAY = 0.995;
const LEAST_CELL_WEIGHT = 0.5;
const MOST_CELL_WEIGHT = 16;
const SLOWEST_CELL_RATE = 0.1;
/** Before this many samples nothing is clipped: there is no estimate yet to call a sample an outlier of. */
const SAMPLES_BEFORE_CLIPPING = 8;
/** So many outliers in a row are no outliers: the machine or the model really changed. */
const CLIPS_BEFORE_RELEARNING = 4;

interface Cell {
  weight: number;
  items: number;
  duration: number;
}

export class BatchTime {
  /** Cost of one item, ms. */
  perItem = 0;
  /** Fixed cost of a batch, ms. */
  fixed = 0;
  /** Items of the largest batch so far: what is said of far larger ones is a guess. */
  largest = 0;
  readonly #cells = new Map<number, Cell>();
  #samples = 0;
  #clipsInRow = 0;

  /** Estimated duration of a batch of `items`, ms. */
  at(items: number): number {
    return this.fixed + this.perItem * items;
  }

  /** Learns that a batch of `items` took `duration` ms from the decision to its reply. */
  add(items: number, duration: number): void {
    if (items < 1 || !(duration >= 0)) return;
    const accepted = this.#clip(items, duration);
    this.#samples++;
    this.largest = Math.max(this.largest, items);
    for (const cell of this.#cells.values()) cell.weight = Math.max(cell.weight * SAMPLE_DECAY, LEAST_CELL_WEIGHT);
    const power = Math.floor(Math.log2(items));
    const known = this.#cells.get(power);
    const cell = known === undefined || this.#wasFirstRun(known, items, accepted) ? { weight: 0, items, duration: accepted } : known;
    this.#cells.set(power, cell);
    cell.weight = Math.min(cell.weight + 1, MOST_CELL_WEIGHT);
    const rate = Math.max(1 / (cell.weight + 1), SLOWEST_CELL_RATE);
    cell.items += (items - cell.items) * rate;
    cell.duration += (accepted - cell.duration) * rate;
    this.#solve();
  }

  /** A first run is often the slowest by far, since it loads, compiles and allocates: it is no sample of what follows. */
  #wasFirstRun(known: Cell, items: number, duration: number): boolean {
    return this.#samples <= SAMPLES_BEFORE_CLIPPING && duration < 0.5 * known.duration * Math.min(1, items / known.items);
  }

  #clip(items: number, duration: number): number {
    if (this.#samples <= SAMPLES_BEFORE_CLIPPING) return duration;
    const expected = this.at(items);
    const clipped = Math.min(Math.max(duration, expected / 2), expected * 2);
    if (clipped === duration) {
      this.#clipsInRow = 0;
      return duration;
    }
    this.#clipsInRow++;
    if (this.#clipsInRow < CLIPS_BEFORE_RELEARNING) return clipped;
    this.#clipsInRow = 0;
    for (const cell of this.#cells.values()) cell.weight = Math.min(cell.weight, 1);
    return duration;
  }

  #solve(): void {
    let weights = 0;
    let sumX = 0;
    let sumY = 0;
    let sumXX = 0;
    let sumXY = 0;
    let slowestRate = Infinity;
    for (const { weight, items, duration } of this.#cells.values()) {
      // Relative error: a short batch must count as much as a long one, or the fixed cost is lost in the noise of long ones.
      const relative = weight / Math.max(duration * duration, 1e-12);
      weights += relative;
      sumX += relative * items;
      sumY += relative * duration;
      sumXX += relative * items * items;
      sumXY += relative * items * duration;
      slowestRate = Math.min(slowestRate, duration / items);
    }
    const meanX = sumX / weights;
    const meanY = sumY / weights;
    const variance = sumXX / weights - meanX * meanX;
    const allEqual = variance <= 1e-9 * meanX * meanX;
    // Equal sizes tell nothing about the slope: keep what is known, and at first split the time in halves.
    const firstGuess = this.#samples === 1 ? meanY / (2 * meanX) : this.perItem;
    const slope = allEqual ? firstGuess : (sumXY / weights - meanX * meanY) / variance;
    this.perItem = Math.min(Math.max(slope, 0), slowestRate);
    this.fixed = Math.max(meanY - this.perItem * meanX, 0);
  }
}
