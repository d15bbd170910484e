/**
 * How soon a worker that died is started again: at once the first time, then exponentially later; and when it is useless to
 * go on. A worker that has answered a batch is well again and starts from nothing.
 */
const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 10_000;
/** So many deaths without a single answer between them: the runner is broken, not unlucky. */
const MOST_DEATHS_IN_ROW = 5;

export class RestartBudget {
  #deaths = 0;

  /** The worker died: milliseconds to wait before it is started again. */
  died(): number {
    this.#deaths++;
    return this.#deaths === 1 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (this.#deaths - 2), LONGEST_DELAY_MS);
  }

  answered(): void {
    this.#deaths = 0;
  }

  get spent(): boolean {
    return this.#deaths >= MOST_DEATHS_IN_ROW;
  }
}
