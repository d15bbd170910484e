/**
 * Tells of something that happens often: at once when it happens first, and then once per period with how often it
 * happened meanwhile.
 */
export class Summaries {
  readonly #periodMs: number;
  readonly #tell: (text: string) => void;
  /** How often each thing happened since it was last told. */
  readonly #counts: Map<string, number> = new Map();
  #timer: NodeJS.Timeout | undefined;

  constructor(periodMs: number, tell: (text: string) => void) {
    this.#periodMs = periodMs;
    this.#tell = tell;
  }

  count(what: string): void {
    const count = this.#counts.get(what);
    if (count === undefined) this.#tell(what);
    this.#counts.set(what, (count ?? -1) + 1);
    this.#timer ??= setTimeout(() => this.#periodEnded(), this.#periodMs).unref();
  }

  /** Tells what was not told yet. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [what, count] of this.#counts) if (count > 0) this.#tell(`${what} (${count} more)`);
    this.#counts.clear();
  }

  #periodEnded(): void {
    const busy = [...this.#counts].filter(([, count]) => count > 0).map(([what]) => what);
    this.end();
    if (busy.length === 0) return;
    // Still going on: the next is no news, only its number.
    for (const what of busy) this.#counts.set(what, 0);
    this.#timer = setTimeout(() => this.#periodEnded(), this.#periodMs).unref();
  }
}
