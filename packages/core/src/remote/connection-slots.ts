/** How many calls may be on their way at once; the others wait, the first first. */
export class ConnectionSlots {
  /** What to begin, and how many items it has. */
  readonly #waiting = new Map<() => void, number>();
  #waitingItems = 0;
  #free: number;

  constructor(size: number) {
    this.#free = size;
  }

  /** Calls that wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Items of the calls that wait. */
  get waitingItems(): number {
    return this.#waitingItems;
  }

  /** Calls `begin` when there is a slot for it, now or later; it must `release` the slot at its end. */
  take(begin: () => void, items: number): void {
    if (this.#free === 0) {
      this.#waiting.set(begin, items);
      this.#waitingItems += items;
      return;
    }
    this.#free--;
    begin();
  }

  /** Waits no more. Nothing happens when it does not wait. */
  leave(begin: () => void): void {
    this.#waitingItems -= this.#waiting.get(begin) ?? 0;
    this.#waiting.delete(begin);
  }

  release(): void {
    const [next] = this.#waiting.keys();
    if (next === undefined) {
      this.#free++;
      return;
    }
    this.leave(next);
    next();
  }
}
