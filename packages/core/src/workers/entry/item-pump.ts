import type { Clock } from "../../clock/index.js";
import { ModelRunError } from "../../errors/index.js";
import type { StreamWindow } from "../wire/index.js";

export interface ItemPumpOptions {
  readonly clock: Clock;
  /** Room for items before the first `grant`. */
  readonly room: StreamWindow;
  /** Gives an item away and says how many bytes of the room it takes. */
  readonly send: (item: unknown) => number | Promise<number>;
  /** No code of the stream runs from now on, until `resume`. */
  readonly pause?: () => void;
  /** False: no code may run any more. */
  readonly resume?: () => boolean;
}

/**
 * Draws items from what a stream method returned, as long as there is room for them. Between two items the event loop turns once,
 * so that a generator that never waits can be stopped as well.
 */
export class ItemPump {
  readonly #options: ItemPumpOptions;
  #items: number;
  #bytes: number;
  #cancelled = false;
  #wake: (() => void) | undefined;

  constructor(options: ItemPumpOptions) {
    this.#options = options;
    this.#items = options.room.items;
    this.#bytes = options.room.bytes;
  }

  /** The reader has made room. */
  grant(items: number, bytes: number): void {
    this.#items += items;
    this.#bytes += bytes;
    this.#wake?.();
  }

  /** The reader is gone: the generator is asked to return, which runs its `finally`. */
  cancel(): void {
    this.#cancelled = true;
    this.#wake?.();
  }

  /**
   * Resolves when there are no more items, or after `cancel` when the generator has returned. Rejects with what the generator
   * throws; but not with what it throws because it was told to stop.
   */
  async run(items: Iterable<unknown> | AsyncIterable<unknown>): Promise<void> {
    if (!(await this.#hasRoom())) return;
    let returning = false;
    try {
      for await (const item of items) {
        if (!this.#cancelled && (await this.#give(item))) continue;
        returning = true;
        break;
      }
    } catch (error) {
      if (!this.#cancelled || returning) throw error;
    }
  }

  #mustWait(): boolean {
    return !this.#cancelled && (this.#items <= 0 || this.#bytes <= 0);
  }

  /** False when the generator shall return. */
  async #give(item: unknown): Promise<boolean> {
    this.#bytes -= await this.#options.send(item);
    this.#items--;
    await new Promise<void>((resolve) => this.#options.clock.nextTurn(resolve));
    return this.#hasRoom();
  }

  /** Waits until there is room. False when the generator shall return. */
  async #hasRoom(): Promise<boolean> {
    if (!this.#mustWait()) return !this.#cancelled;
    this.#options.pause?.();
    while (this.#mustWait()) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#wake = undefined;
    // The thread is being ended: whatever came next would be cut in the middle.
    if (this.#options.resume?.() === false) return new Promise<never>(() => undefined);
    return !this.#cancelled;
  }
}

/**
 * What a stream method returned, as something to iterate. A text is refused: it would be cut into letters.
 *
 * @throws ModelRunError when it cannot be iterated.
 */
export function iterableOf(result: unknown, method: string): Iterable<unknown> | AsyncIterable<unknown> {
  if (typeof result === "object" && result !== null && (Symbol.asyncIterator in result || Symbol.iterator in result)) {
    return result as Iterable<unknown> | AsyncIterable<unknown>;
  }
  throw new ModelRunError(
    `Method "${method}" is declared "stream: true" but returned ${describe(result)}. Write it as a generator ("async *${method}(…)" or "*${method}(…)"), or return another iterable.`,
    { code: "INVALID_RESULT" },
  );
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? "an object that is not iterable" : `a ${typeof value}`;
}
