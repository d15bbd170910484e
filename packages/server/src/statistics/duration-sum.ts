const NANOSECONDS = 1e6;

/** How often something took time, and how much in all. */
export class DurationSum {
  #count = 0;
  #ms = 0;

  add(ms: number, count = 1): void {
    this.#count += count;
    this.#ms += ms;
  }

  /** As the protocol has it. */
  toJSON(): { readonly count: number; readonly ns: number } {
    return { count: this.#count, ns: Math.round(this.#ms * NANOSECONDS) };
  }
}
