import type { Clock } from "../../clock/index.js";
import { wornOut, type RecyclingLimits } from "./recycling.js";
import { RestartBudget } from "./restart-budget.js";
import type { WorkerSlot } from "./worker-slot.js";

export interface ReplacementsOptions {
  readonly clock: Clock;
  readonly limits: RecyclingLimits;
  readonly makeSlot: (index: number) => WorkerSlot;
  readonly onStarted: (slot: WorkerSlot) => void;
  /** The new worker is ready: it is to take the old one's place. */
  readonly onReplaced: (old: WorkerSlot, slot: WorkerSlot, reason: string) => void;
}

/** An old worker that has not ended after so long, ms, is ended. */
const RETIRE_MS = 30_000;

/**
 * Puts new workers in the place of worn ones. The new one is ready before the old one goes, so that the pool never gets smaller; one at
 * a time, since each needs the model's memory once more.
 */
export class Replacements {
  readonly #options: ReplacementsOptions;
  readonly #retiring = new Set<WorkerSlot>();
  readonly #budget = new RestartBudget();
  #current: { readonly old: WorkerSlot; readonly slot: WorkerSlot; readonly reason: string } | undefined;
  /** After one that died, ms of the clock. */
  #notBefore = -Infinity;

  constructor(options: ReplacementsOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#current === undefined && this.#retiring.size === 0;
  }

  /** Those that are not in the pool yet, or not any more. */
  get slots(): readonly WorkerSlot[] {
    return this.#current === undefined ? [...this.#retiring] : [this.#current.slot, ...this.#retiring];
  }

  /** Starts a new worker if this one is worn, and no other is being replaced. */
  consider(old: WorkerSlot): void {
    const { clock, limits, makeSlot, onStarted } = this.#options;
    const reason = this.#current === undefined ? wornOut(old, limits) : undefined;
    if (reason === undefined || clock.now() < this.#notBefore) return;
    const slot = makeSlot(old.index);
    this.#current = { old, slot, reason };
    onStarted(slot);
    slot.start();
  }

  /** A worker is ready: if it is the new one, the old one may go when it has finished. */
  ready(slot: WorkerSlot): void {
    if (this.#current?.slot !== slot) return;
    const { old, reason } = this.#current;
    this.#current = undefined;
    this.#budget.answered();
    this.#options.onReplaced(old, slot, reason);
    this.#retiring.add(old);
    const { clock } = this.#options;
    const cancel = clock.at(clock.now() + RETIRE_MS, () => old.end(), true);
    void old.retire().then(() => {
      cancel();
      this.#retiring.delete(old);
    });
  }

  /** True when the worker that died was to be a new one: the old one stays, and it is tried again later. */
  died(slot: WorkerSlot): boolean {
    if (this.#current?.slot !== slot) return false;
    this.#current = undefined;
    this.#notBefore = this.#options.clock.now() + this.#budget.died();
    return true;
  }
}
