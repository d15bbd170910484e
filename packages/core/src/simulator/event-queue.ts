interface Event {
  readonly time: number;
  readonly order: number;
  readonly action: () => void;
}

/** Virtual time as a list of things to come, in a binary heap. Those of one moment happen in the order in which they were planned. */
export class EventQueue {
  readonly #heap: Event[] = [];
  #now = 0;
  #planned = 0;

  /** Virtual time, ms. */
  get now(): number {
    return this.#now;
  }

  /** Plans `action` for `time`, or for now if that has passed. */
  at(time: number, action: () => void): void {
    const heap = this.#heap;
    heap.push({ time: Math.max(time, this.#now), order: this.#planned++, action });
    let place = heap.length - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(heap[place] as Event, heap[parent] as Event)) break;
      this.#swap(place, parent);
      place = parent;
    }
  }

  /** Lets the next thing happen. False when nothing is left. */
  step(): boolean {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined) return false;
    const last = heap.pop() as Event;
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    this.#now = first.time;
    first.action();
    return true;
  }

  #sink(): void {
    const heap = this.#heap;
    for (let place = 0; ; ) {
      const left = 2 * place + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const child = right < heap.length && isBefore(heap[right] as Event, heap[left] as Event) ? right : left;
      if (!isBefore(heap[child] as Event, heap[place] as Event)) return;
      this.#swap(place, child);
      place = child;
    }
  }

  #swap(one: number, other: number): void {
    const heap = this.#heap;
    const kept = heap[one] as Event;
    heap[one] = heap[other] as Event;
    heap[other] = kept;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.time < other.time || (one.time === other.time && one.order < other.order);
}
