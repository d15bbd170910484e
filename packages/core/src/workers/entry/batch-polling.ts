import type { Clock } from "../../clock/index.js";

/** A worker stays awake for the next batch at most so long, ms. */
const LONGEST_POLL_MS = 0.5;
/** Longer runs gain nothing from it. */
const LONGEST_RUN_MS = 1;
const LEARNING_RATE = 0.2;

/**
 * Keeps a worker awake for a moment after a batch, when runs are short and the next batch has been coming at once: a lone
 * caller's next request. Waking the thread would take longer than the run. With pauses that are usually longer, and under
 * load, where they are as well, it does nothing.
 */
export class BatchPolling {
  #usualPause = 0;
  #usualRun = 0;
  #startedAt = 0;
  #endedAt = 0;
  #running = false;

  constructor(private readonly clock: Clock) {}

  batchStarted(): void {
    this.#running = true;
    this.#startedAt = this.clock.now();
    if (this.#endedAt > 0) this.#usualPause += (Math.min(this.#startedAt - this.#endedAt, 1) - this.#usualPause) * LEARNING_RATE;
  }

  batchEnded(): void {
    this.#running = false;
    this.#endedAt = this.clock.now();
    this.#usualRun += (this.#endedAt - this.#startedAt - this.#usualRun) * LEARNING_RATE;
    if (this.#usualPause < LONGEST_POLL_MS && this.#usualRun < LONGEST_RUN_MS) this.clock.nextTurn(() => this.#look());
  }

  #look(): void {
    if (!this.#running && this.clock.now() - this.#endedAt < LONGEST_POLL_MS) this.clock.nextTurn(() => this.#look());
  }
}
