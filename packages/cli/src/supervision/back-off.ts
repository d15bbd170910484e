const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 10_000;
/** A process that has lived so long was no failure of the start. */
const STEADY_MS = 10_000;

/** How soon a process that ended is started again: at once, then after 50 ms and twice as long each time, up to 10 s. */
export class BackOff {
  readonly #now: () => number;
  #ends = 0;
  #readyAt: number | undefined;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  ready(): void {
    this.#readyAt = this.#now();
  }

  /** It ended: milliseconds to wait. */
  ended(): number {
    if (this.#readyAt !== undefined && this.#now() - this.#readyAt >= STEADY_MS) this.#ends = 0;
    this.#readyAt = undefined;
    this.#ends++;
    return this.#ends === 1 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (this.#ends - 2), LONGEST_DELAY_MS);
  }
}
