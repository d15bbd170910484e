const IDLE = 0;
const RUNNING = 1;
const CLOSED = 2;

/**
 * One word of shared memory per worker thread that says whether native code may be running in it. Ending a thread inside a
 * native run aborts the whole process (SIGABRT, on every Node version), so the worker enters before each run and leaves after
 * it, and whoever ends the thread closes the word first. Closed is final: the worker can enter no more.
 */
export class LockWord {
  readonly memory: SharedArrayBuffer;
  readonly #word: Int32Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#word = new Int32Array(memory);
  }

  /** Worker: about to run. False if the word was closed: then nothing may run any more. */
  tryEnter(): boolean {
    return Atomics.compareExchange(this.#word, 0, IDLE, RUNNING) === IDLE;
  }

  /** Worker: the run is over. */
  leave(): void {
    Atomics.compareExchange(this.#word, 0, RUNNING, IDLE);
    Atomics.notify(this.#word, 0);
  }

  /** Worker: nothing will ever run here again, whatever was going on. */
  seal(): void {
    Atomics.store(this.#word, 0, CLOSED);
    Atomics.notify(this.#word, 0);
  }

  /** Closer: true when the thread can be ended now. Does not wait. */
  tryClose(): boolean {
    return Atomics.compareExchange(this.#word, 0, IDLE, CLOSED) !== RUNNING;
  }

  /** Closer: blocks this thread until the run is over, at most `ms`. True when the thread can be ended. */
  closeWithin(ms: number): boolean {
    const deadline = performance.now() + ms;
    while (!this.tryClose()) {
      const left = deadline - performance.now();
      if (left <= 0) return false;
      Atomics.wait(this.#word, 0, RUNNING, left);
    }
    return true;
  }
}
