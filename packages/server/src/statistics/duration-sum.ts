import type { Durations } from "./process-statistics.js";

const NANOSECONDS = 1e6;

/** How often something took time, and how much in all. */
export class DurationSum {
  #count = 0;
  #ms = 0;

  add(ms: number, count = 1): void {
    this.#count += count;
    this.#ms += ms;
  }

  get total(): Durations {
    return { count: this.#count, ns: Math.round(this.#ms * NANOSECONDS) };
  }
}
