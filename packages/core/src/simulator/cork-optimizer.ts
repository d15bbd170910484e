/**
 * The latency model of the Python original: `a · n + b` ms for n requests (it counts requests, not items), by least squares over
 * the last 50 batches, refreshed at most every 5 s. Numbers as observed of BentoML 1.4.39.
 */
const MOST_SAMPLES = 50;
const UNRECORDED_BATCHES = 2;
const REFRESH_INTERVAL = 5_000;
const LEAST_SLOPE = 1e-3;

interface Sample {
  readonly requests: number;
  readonly duration: number;
  readonly wait: number;
}

export class CorkOptimizer {
  perRequest: number;
  fixed: number;
  wait = 0;
  readonly #samples: Sample[] = [];
  #completed = 0;
  #refreshedAt = -Infinity;

  constructor(maxLatencyMs: number) {
    this.perRequest = Math.min(2_000, (maxLatencyMs * 2) / 30);
    this.fixed = Math.min(1_000, maxLatencyMs / 30);
  }

  add(now: number, requests: number, duration: number, wait: number): void {
    this.#completed++;
    if (this.#completed <= UNRECORDED_BATCHES) return;
    this.#samples.push({ requests, duration, wait });
    if (this.#samples.length > MOST_SAMPLES) this.#samples.shift();
    if (now - this.#refreshedAt < REFRESH_INTERVAL) return;
    this.#refreshedAt = now;
    this.refresh();
  }

  refresh(): void {
    const count = this.#samples.length;
    if (count === 0) return;
    const line = leastSquares(this.#samples);
    this.perRequest = Math.max(LEAST_SLOPE, line.slope);
    this.fixed = Math.max(0, line.offset);
    this.wait = Math.max(0, this.#samples.reduce((sum, { wait }) => sum + wait, 0) / count);
  }
}

/** The solution of least norm where all sizes are equal, as NumPy's `lstsq` gives it. */
function leastSquares(samples: readonly Sample[]): { slope: number; offset: number } {
  const count = samples.length;
  const meanX = samples.reduce((sum, { requests }) => sum + requests, 0) / count;
  const meanY = samples.reduce((sum, { duration }) => sum + duration, 0) / count;
  let covariance = 0;
  let variance = 0;
  for (const { requests, duration } of samples) {
    covariance += (requests - meanX) * (duration - meanY);
    variance += (requests - meanX) ** 2;
  }
  if (variance === 0) {
    const offset = meanY / (meanX * meanX + 1);
    return { slope: offset * meanX, offset };
  }
  const slope = covariance / variance;
  return { slope, offset: meanY - slope * meanX };
}
