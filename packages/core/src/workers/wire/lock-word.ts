const IDLE = 0;
const RUNNING = 1;
const CLOSED = 2;
/** No exit code: the thread has not ended by itself. */
const NO_CODE = -1;

/**
 * One word of shared memory per worker thread that says whether native code may be running in it. Ending a thread inside a
 * native run aborts the whole process (SIGABRT, on every Node version), so the worker enters before each run and leaves after
 * it, and whoever ends the thread closes the word first. Closed is final: the worker can enter no more. A second word holds the
 * code with which the thread has ended, for those who cannot wait for its "exit" event.
 */
export class LockWord {
  readonly memory: SharedArrayBuffer;
  readonly #word: Int32Array;

  constructor(memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
    this.#word = new Int32Array(this.memory);
    if (memory === undefined) this.#word[1] = NO_CODE;
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

  /** Worker: nothing will ever run here again, whatever was going on. `exitCode` if the thread ends with it. */
  seal(exitCode: number = NO_CODE): void {
    Atomics.store(this.#word, 1, exitCode);
    Atomics.store(this.#word, 0, CLOSED);
    Atomics.notify(this.#word, 0);
  }

  /** The code with which the thread ended by itself, or undefined while it has not. */
  get exitCode(): number | undefined {
    const code = Atomics.load(this.#word, 1);
    return code === NO_CODE ? undefined : code;
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
