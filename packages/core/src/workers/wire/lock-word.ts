const IDLE = 0;
const CLOSED = -1;
/** No exit code: the thread has not ended by itself. */
const NO_CODE = -1;

/**
 * One word of shared memory per worker thread that counts the runs in which native code may be running. Ending a thread inside a
 * native run aborts the whole process (SIGABRT, on every Node version), so the worker enters before each run and leaves after
 * it, and whoever ends the thread closes the word first, which can be done only at zero. Closed is final: the worker can enter no
 * more. A second word holds the code with which the thread has ended, for those who cannot wait for its "exit" event.
 */
export class LockWord {
  readonly memory: SharedArrayBuffer;
  readonly #word: Int32Array;

  constructor(memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
    this.#word = new Int32Array(this.memory);
    if (memory === undefined) this.#word[1] = NO_CODE;
  }

  /** Worker: about to run, beside other runs or alone. False if the word was closed: then nothing may run any more. */
  tryEnter(): boolean {
    return this.#add(1);
  }

  /** Worker: one run is over. */
  leave(): void {
    if (this.#add(-1)) Atomics.notify(this.#word, 0);
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
    return Atomics.compareExchange(this.#word, 0, IDLE, CLOSED) <= IDLE;
  }

  /** Closer: blocks this thread until all runs are over, at most `ms`. True when the thread can be ended. */
  closeWithin(ms: number): boolean {
    const deadline = performance.now() + ms;
    while (!this.tryClose()) {
      const runs = Atomics.load(this.#word, 0);
      const left = deadline - performance.now();
      if (left <= 0) return false;
      if (runs > IDLE) Atomics.wait(this.#word, 0, runs, left);
    }
    return true;
  }

  /** Changes the count of runs; false, and nothing done, when the word is closed. The closer may come in between at any time. */
  #add(change: 1 | -1): boolean {
    for (let runs = Atomics.load(this.#word, 0); runs !== CLOSED; ) {
      const found = Atomics.compareExchange(this.#word, 0, runs, Math.max(runs + change, IDLE));
      if (found === runs) return true;
      runs = found;
    }
    return false;
  }
}
