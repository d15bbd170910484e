/** Requests for one model that are being answered. */
export class InFlight {
  #count = 0;
  readonly #listeners: (() => void)[] = [];

  began(): void {
    this.#count++;
  }

  /** To be called once for each that began. */
  ended(): void {
    this.#count--;
    if (this.#count === 0) for (const tell of this.#listeners.splice(0)) tell();
  }

  /** Resolves when there is none. */
  async idle(): Promise<void> {
    if (this.#count > 0) await new Promise<void>((resolve) => this.#listeners.push(resolve));
  }
}
