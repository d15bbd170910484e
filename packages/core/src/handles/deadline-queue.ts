import type { CancelTimer, Clock } from "../clock/index.js";

/** An item's place in a queue. */
export interface QueuedDeadline<Item> {
  readonly item: Item;
  readonly dueAt: number;
  before: QueuedDeadline<Item> | undefined;
  after: QueuedDeadline<Item> | undefined;
}

/**
 * Deadlines of calls that all have the same time limit. They come due in the order in which they were made, so that one timer
 * for the oldest serves all: a timer of its own would cost a call more than a small model's run. A linked list, since calls
 * leave from anywhere and must not be kept in memory until their deadline.
 */
export class DeadlineQueue<Item> {
  #first: QueuedDeadline<Item> | undefined;
  #last: QueuedDeadline<Item> | undefined;
  #cancel: CancelTimer | undefined;

  constructor(
    private readonly limitMs: number,
    private readonly clock: Clock,
    private readonly expire: (item: Item, limitMs: number) => void,
  ) {}

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  /** The timer that waits for the next item is not needed: there will be none. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** `now` in ms of the clock. */
  add(item: Item, now: number): QueuedDeadline<Item> {
    const place: QueuedDeadline<Item> = { item, dueAt: now + this.limitMs, before: this.#last, after: undefined };
    if (this.#last === undefined) this.#first = place;
    else this.#last.after = place;
    this.#last = place;
    if (this.#cancel === undefined) this.#arm(place.dueAt);
    return place;
  }

  /** The item needs no deadline any more; doing it twice, or after the deadline, does nothing. */
  remove(place: QueuedDeadline<Item>): void {
    if (place.before !== undefined) place.before.after = place.after;
    else if (this.#first === place) this.#first = place.after;
    else return;
    if (place.after !== undefined) place.after.before = place.before;
    else this.#last = place.before;
    place.before = undefined;
    place.after = undefined;
  }

  /** The timer is left running when its item leaves: when it fires it is set for the oldest one then. */
  #arm(dueAt: number): void {
    this.#cancel = this.clock.at(dueAt, () => this.#due(), true);
  }

  #due(): void {
    this.#cancel = undefined;
    const now = this.clock.now();
    for (let place = this.#first; place !== undefined && place.dueAt <= now; place = this.#first) {
      this.remove(place);
      this.expire(place.item, this.limitMs);
    }
    if (this.#first !== undefined) this.#arm(this.#first.dueAt);
  }
}
