import { DurationSum } from "./duration-sum.js";
import type { RequestCounts } from "./process-statistics.js";

/** The requests for a model that were understood and reached its runner. */
export class RequestStatistics {
  readonly #success: DurationSum = new DurationSum();
  readonly #fail: DurationSum = new DurationSum();
  #lastEndedAt: number | undefined;

  /** @param startedAt of `performance.now()`, when the runner was called. */
  ended(startedAt: number, isSuccess: boolean): void {
    const now = performance.now();
    (isSuccess ? this.#success : this.#fail).add(now - startedAt);
    this.#lastEndedAt = now;
  }

  get counts(): RequestCounts {
    return {
      success: this.#success.total,
      fail: this.#fail.total,
      lastAt: this.#lastEndedAt === undefined ? 0 : Math.round(performance.timeOrigin + this.#lastEndedAt),
    };
  }
}
