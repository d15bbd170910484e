import type { Call } from "../calls/index.js";

interface Place<Input, Result> {
  readonly call: Call<Input, Result>;
  /** When its turn has come, ms of the clock: the earliest goes first. */
  readonly dueBy: number;
}

/**
 * Calls of one weight in the order of when they are due; where that is equal, first in, first out. Counts items. A withdrawn call
 * stays in the list, settled, until it is passed over.
 */
export class CallQueue<Input, Result> {
  /** Those before the head are taken: nothing may lead from here to their calls, and so to their results, however long this goes on. */
  #places: (Place<Input, Result> | undefined)[] = [];
  #head = 0;
  #items = 0;
  #count = 0;

  /** Items that wait. */
  get items(): number {
    return this.#items;
  }

  /** Calls that wait. */
  get length(): number {
    return this.#count;
  }

  get head(): Call<Input, Result> | undefined {
    this.#passSettled();
    return this.#places[this.#head]?.call;
  }

  /** Nearly always at the end: calls with one and the same latency limit are due in the order in which they come. */
  push(call: Call<Input, Result>, dueBy: number): void {
    const place = { call, dueBy };
    let index = this.#places.length;
    while (index > this.#head && (this.#places[index - 1] as Place<Input, Result>).dueBy > dueBy) index--;
    if (index === this.#places.length) this.#places.push(place);
    else this.#places.splice(index, 0, place);
    this.#items += call.items;
    this.#count++;
  }

  shift(): Call<Input, Result> | undefined {
    const call = this.head;
    if (call === undefined) return undefined;
    this.#places[this.#head++] = undefined;
    this.#items -= call.items;
    this.#count--;
    return call;
  }

  /** The call was settled while it waited here: it counts no more. */
  withdraw(call: Call<Input, Result>): void {
    this.#items -= call.items;
    this.#count--;
  }

  /** Items that would go before a call that is due by then. */
  itemsBefore(dueBy: number): number {
    if ((this.#places.at(-1)?.dueBy ?? -Infinity) <= dueBy) return this.#items;
    let items = 0;
    for (let index = this.#head; index < this.#places.length; index++) {
      const { call, dueBy: other } = this.#places[index] as Place<Input, Result>;
      if (other > dueBy) break;
      if (!call.settled) items += call.items;
    }
    return items;
  }

  #passSettled(): void {
    while (this.#places[this.#head]?.call.settled === true) this.#places[this.#head++] = undefined;
    if (this.#head === this.#places.length) {
      this.#places = [];
      this.#head = 0;
    } else if (this.#head > 1024 && this.#head * 2 > this.#places.length) {
      this.#places = this.#places.slice(this.#head);
      this.#head = 0;
    }
  }
}
