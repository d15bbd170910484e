/** The test's side of the `Gated` fixture. */
export class Gate {
  readonly memory: SharedArrayBuffer = new SharedArrayBuffer(12);
  readonly #words: Int32Array = new Int32Array(this.memory);

  open(): void {
    Atomics.store(this.#words, 0, 1);
    Atomics.notify(this.#words, 0);
  }

  get begun(): number {
    return Atomics.load(this.#words, 1);
  }

  get finished(): number {
    return Atomics.load(this.#words, 2);
  }

  /** Resolves when `count` batches have begun in the workers. */
  async untilBegun(count: number): Promise<void> {
    while (this.begun < count) await new Promise<void>((resolve) => setImmediate(resolve));
  }

  async untilFinished(count: number): Promise<void> {
    while (this.finished < count) await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
