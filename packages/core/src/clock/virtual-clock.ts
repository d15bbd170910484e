import type { CancelTimer, Clock } from "./clock.js";

interface Entry {
  readonly time: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * Time that moves only when told to. Timers fire in order of their due time, and between two of them all promises settle,
 * as on a real event loop. Deterministic: no real time passes.
 */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  #timers: Entry[] = [];
  #turn: (() => void)[] = [];
  readonly #turnMs: number;

  /** `turnMs`: what a turn of the event loop takes; needed by code that waits turn by turn. */
  constructor({ turnMs = 0 }: { readonly turnMs?: number } = {}) {
    this.#turnMs = turnMs;
  }

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return this.#now;
  }

  at(time: number, callback: () => void): CancelTimer {
    const entry: Entry = { time: Math.max(time, this.#now), order: this.#order++, callback };
    this.#timers.push(entry);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== entry);
    };
  }

  nextTurn(callback: () => void): void {
    this.#turn.push(callback);
  }

  /** How many timers wait; a test that ends with some has left something running. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** Moves time forward by `ms`, firing what comes due, each after everything before it has settled. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.#settle();
    for (let next = this.#due(end); next !== undefined; next = this.#due(end)) {
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.time);
      next.callback();
      await this.#settle();
    }
    this.#now = Math.max(this.#now, end);
  }

  #due(end: number): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.#timers) {
      if (entry.time > end) continue;
      if (first === undefined || entry.time < first.time || (entry.time === first.time && entry.order < first.order)) first = entry;
    }
    return first;
  }

  /** Lets promises settle, then runs the turn that was asked for, until nothing is left to do at this moment. */
  async #settle(): Promise<void> {
    for (;;) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.#turn.length === 0) return;
      this.#now += this.#turnMs;
      const turn = this.#turn;
      this.#turn = [];
      for (const callback of turn) callback();
    }
  }
}
