import type { CancelTimer, Clock } from "../clock/index.js";
import { LinkedList, type ListPlace } from "../calls/index.js";

interface Deadline<Item> {
  readonly of: Item;
  /** Ms of the clock. */
  readonly dueAt: number;
}

/** Where a deadline stands in its queue. */
export type DeadlinePlace<Item> = ListPlace<Deadline<Item>>;

/**
 * Deadlines of calls that all have the same time limit. They come due in the order in which they were made, so that one timer
 * for the oldest serves all: a timer of its own would cost a call more than a small model's run. A list, since calls leave from
 * anywhere and must not be kept in memory until their deadline.
 */
export class DeadlineQueue<Item> {
  readonly #deadlines = new LinkedList<Deadline<Item>>();
  #cancel: CancelTimer | undefined;

  constructor(
    private readonly limitMs: number,
    private readonly clock: Clock,
    private readonly expire: (item: Item, limitMs: number) => void,
  ) {}

  get isEmpty(): boolean {
    return this.#deadlines.size === 0;
  }

  /** The timer that waits for the next item is not needed: there will be none. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** `now` in ms of the clock. */
  add(item: Item, now: number): DeadlinePlace<Item> {
    const place = this.#deadlines.add({ of: item, dueAt: now + this.limitMs });
    if (this.#cancel === undefined) this.#arm(place.item.dueAt);
    return place;
  }

  /** The item needs no deadline any more; doing it twice, or after the deadline, does nothing. */
  remove(place: DeadlinePlace<Item>): void {
    this.#deadlines.remove(place);
  }

  /** The timer is left running when its item leaves: when it fires it is set for the oldest one then. */
  #arm(dueAt: number): void {
    this.#cancel = this.clock.at(dueAt, () => this.#due(), true);
  }

  #due(): void {
    this.#cancel = undefined;
    const now = this.clock.now();
    for (let { first } = this.#deadlines; first !== undefined && first.item.dueAt <= now; { first } = this.#deadlines) {
      this.#deadlines.remove(first);
      this.expire(first.item.of, this.limitMs);
    }
    const next = this.#deadlines.first;
    if (next !== undefined) this.#arm(next.item.dueAt);
  }
}
