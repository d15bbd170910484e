import type { CancelTimer, Clock } from "../clock/index.js";

interface Entry<Item> {
  readonly item: Item;
  readonly dueAt: number;
  before: Entry<Item> | undefined;
  after: Entry<Item> | undefined;
}

/** Takes an item out of its queue: it needs no deadline any more. */
export type LeaveQueue = () => void;

/**
 * Deadlines of calls that all have the same time limit. They come due in the order in which they were made, so that one timer
 * for the oldest serves all: a timer of its own would cost a call more than a small model's run. A linked list, since calls
 * leave from anywhere and must not be kept in memory until their deadline.
 */
export class DeadlineQueue<Item> {
  #first: Entry<Item> | undefined;
  #last: Entry<Item> | undefined;
  #cancel: CancelTimer | undefined;

  constructor(
    private readonly limitMs: number,
    private readonly clock: Clock,
    private readonly expire: (item: Item, limitMs: number) => void,
  ) {}

  add(item: Item): LeaveQueue {
    const entry: Entry<Item> = { item, dueAt: this.clock.now() + this.limitMs, before: this.#last, after: undefined };
    if (this.#last === undefined) this.#first = entry;
    else this.#last.after = entry;
    this.#last = entry;
    if (this.#cancel === undefined) this.#arm(entry.dueAt);
    return () => this.#remove(entry);
  }

  #remove(entry: Entry<Item>): void {
    if (entry.before !== undefined) entry.before.after = entry.after;
    else if (this.#first === entry) this.#first = entry.after;
    else return;
    if (entry.after !== undefined) entry.after.before = entry.before;
    else this.#last = entry.before;
    entry.before = undefined;
    entry.after = undefined;
  }

  /** The timer is left running when its item leaves: when it fires it is set for the oldest one then. */
  #arm(dueAt: number): void {
    this.#cancel = this.clock.at(dueAt, () => this.#due(), true);
  }

  #due(): void {
    this.#cancel = undefined;
    const now = this.clock.now();
    for (let entry = this.#first; entry !== undefined && entry.dueAt <= now; entry = this.#first) {
      this.#remove(entry);
      this.expire(entry.item, this.limitMs);
    }
    if (this.#first !== undefined) this.#arm(this.#first.dueAt);
  }
}
