import { DurationSum } from "./duration-sum.js";

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

  /** Time of the last one in ms since 1970, 0 for none. */
  get lastAt(): number {
    return this.#lastEndedAt === undefined ? 0 : Math.round(performance.timeOrigin + this.#lastEndedAt);
  }

  toJSON(): object {
    return { success: this.#success, fail: this.#fail };
  }
}
