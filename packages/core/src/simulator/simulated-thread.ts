import type { CancelTimer, Clock } from "../clock/index.js";
import type { EventQueue } from "./event-queue.js";

interface Job {
  readonly cost: number;
  readonly work: () => void;
}

/**
 * A thread with an event loop, as a first-in first-out server of virtual time: jobs take what they are said to cost, and what
 * arrives meanwhile waits. It is the clock of the code that runs in it.
 */
export class SimulatedThread implements Clock {
  readonly #events: EventQueue;
  readonly #jobs: Job[] = [];
  #nextJob = 0;
  #busy = false;
  #charged = 0;

  constructor(events: EventQueue) {
    this.#events = events;
  }

  now(): number {
    return this.#events.now;
  }

  wallTime(): number {
    return this.#events.now;
  }

  at(time: number, callback: () => void): CancelTimer {
    let cancelled = false;
    this.#events.at(time, () => {
      if (!cancelled) this.run(0, () => { if (!cancelled) callback(); });
    });
    return () => {
      cancelled = true;
    };
  }

  /** After everything that waits for the thread now, as `setImmediate` is. */
  nextTurn(callback: () => void): void {
    this.run(0, callback);
  }

  /** Does `work` after all that waits, `cost` ms after it was begun. */
  run(cost: number, work: () => void): void {
    this.#jobs.push({ cost, work });
    if (!this.#busy) this.#begin();
  }

  /** Makes the job that is being done take `cost` ms longer; answers when that will be over. */
  charge(cost: number): number {
    this.#charged += cost;
    return this.#events.now + this.#charged;
  }

  #begin(): void {
    const job = this.#jobs[this.#nextJob++];
    if (job === undefined) {
      this.#jobs.length = 0;
      this.#nextJob = 0;
      this.#busy = false;
      return;
    }
    this.#busy = true;
    this.#events.at(this.#events.now + job.cost, () => {
      this.#charged = 0;
      job.work();
      if (this.#charged === 0) this.#begin();
      else this.#events.at(this.#events.now + this.#charged, () => this.#begin());
    });
  }
}
