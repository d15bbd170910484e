/**
 * Tells a lasting overload from a burst. In a burst the queue is worth its waiting: it drains, and everybody is answered in time.
 * In an overload that lasts, whoever is let in to the back of a long queue pushes nobody forward: batches are full all the same,
 * the queue beyond the next batch is nothing but waiting. Then only as many wait as the next batch takes.
 *
 * A long queue alone is no overload: a thousand callers with one request each in flight keep one for ever, and none of them is late.
 * Calls must have been refused for their deadline as well.
 */

/** So many batches in a row that are less full than this end an overload: a single one comes by chance. */
const FULL_SHARE = 0.75;
const SHORT_BATCHES_AT_THE_END = 3;

export class Overload {
  /** Since when batches have been full, ms of the clock; -1 when they are not. */
  #fullSince = -1;
  #shortBatches = 0;
  #refused = false;

  /** A batch of `items` was formed. */
  batchFormed(now: number, items: number, maxBatchSize: number): void {
    if (items >= FULL_SHARE * maxBatchSize) {
      this.#shortBatches = 0;
      if (this.#fullSince < 0) this.#fullSince = now;
    } else if (++this.#shortBatches >= SHORT_BATCHES_AT_THE_END || !this.#refused) {
      this.#fullSince = -1;
      this.#refused = false;
    }
  }

  /** A call was refused since it would have been answered too late. */
  callRefused(): void {
    this.#refused = this.#fullSince >= 0;
  }

  /** Whether it has lasted longer than the `limit` (ms) within which a burst would have drained. */
  hasLasted(now: number, limit: number): boolean {
    return this.#refused && now - this.#fullSince > limit;
  }
}
