import type { Call } from "../calls/index.js";

/** First-in first-out queue of calls that counts items. A withdrawn call stays in the list, settled, until it is passed over. */
export class CallQueue<Input, Result> {
  #calls: Call<Input, Result>[] = [];
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
    return this.#calls[this.#head];
  }

  push(call: Call<Input, Result>): void {
    this.#calls.push(call);
    this.#items += call.items;
    this.#count++;
  }

  shift(): Call<Input, Result> | undefined {
    const call = this.head;
    if (call === undefined) return undefined;
    this.#head++;
    this.#items -= call.items;
    this.#count--;
    return call;
  }

  /** The call was settled while it waited here: it counts no more. */
  withdraw(call: Call<Input, Result>): void {
    this.#items -= call.items;
    this.#count--;
  }

  /** Takes calls from the head as long as they fit into `maxItems`; the first is taken in any case. */
  take(maxItems: number): Call<Input, Result>[] {
    const taken: Call<Input, Result>[] = [];
    let items = 0;
    for (let next = this.head; next !== undefined; next = this.head) {
      if (taken.length > 0 && items + next.items > maxItems) break;
      items += next.items;
      taken.push(next);
      this.shift();
    }
    return taken;
  }

  #passSettled(): void {
    while (this.#head < this.#calls.length && (this.#calls[this.#head] as Call<Input, Result>).settled) this.#head++;
    if (this.#head === this.#calls.length) {
      this.#calls = [];
      this.#head = 0;
    } else if (this.#head > 1024 && this.#head * 2 > this.#calls.length) {
      this.#calls = this.#calls.slice(this.#head);
      this.#head = 0;
    }
  }
}
