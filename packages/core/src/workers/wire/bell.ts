/**
 * A count in shared memory that goes up with every message from a worker: what a thread waits on that must not turn its event
 * loop. One bell for all workers of a pool, since an answer of any of them can be the one that matters.
 */
export class Bell {
  readonly memory: SharedArrayBuffer;
  readonly #word: Int32Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#word = new Int32Array(memory);
  }

  /** Worker: a message was sent, or this thread ends. */
  ring(): void {
    Atomics.add(this.#word, 0, 1);
    Atomics.notify(this.#word, 0);
  }

  /** To be read before one looks for messages, so that `wait` misses none. */
  get rings(): number {
    return Atomics.load(this.#word, 0);
  }

  /** Blocks this thread until the count is another one than `heard`, at most `ms`. */
  wait(heard: number, ms: number): void {
    Atomics.wait(this.#word, 0, heard, ms);
  }
}
