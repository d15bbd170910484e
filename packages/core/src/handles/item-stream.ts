/** Where the items of a stream come from. */
export interface ItemSource<Item> {
  /** The first item is wanted: the stream begins. */
  start(): void;
  /** The reader waits for an item. Told once for each `next()` that finds none. */
  wanted(): void;
  /** The reader gets the item now: its value. */
  read(item: Item): unknown;
  /** Nobody waits for an item any more, for now. */
  satisfied(): void;
  /** The reader is gone. The source must `end` the stream, or `fail` it, when it has stopped. */
  cancel(): void;
}

interface Reader {
  readonly resolve: (result: IteratorResult<unknown, undefined> | PromiseLike<IteratorResult<unknown, undefined>>) => void;
  readonly reject: (error: unknown) => void;
}

/** `unread` until the first `next()`; `leaving` between the reader's `return()` and the end of the source. */
type StreamState = "unread" | "open" | "leaving" | "ended";

const DONE: IteratorResult<unknown, undefined> = { done: true, value: undefined };

/**
 * The reader's end of a stream: items that came and wait, readers that came and wait, and the one end. What failed is told
 * after the items before it, once; then the stream is done. It does not know where items come from.
 */
export class ItemStream<Item> implements AsyncGenerator<unknown, undefined, undefined> {
  readonly #source: ItemSource<Item>;
  #state: StreamState = "unread";
  #items: Item[] = [];
  #readers: Reader[] = [];
  #leavers: Reader[] = [];
  #failure: { readonly error: unknown } | undefined;

  constructor(source: ItemSource<Item>) {
    this.#source = source;
  }

  /** The reader has come and not left, and the source has not ended. */
  get isOpen(): boolean {
    return this.#state === "open";
  }

  next(): Promise<IteratorResult<unknown, undefined>> {
    if (this.#state === "unread") {
      this.#state = "open";
      this.#source.start();
    }
    if (this.#items.length > 0) return this.#read(this.#items.shift() as Item);
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) return Promise.reject(failure.error);
    if (this.#state !== "open") return Promise.resolve(DONE);
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject });
      this.#source.wanted();
    });
  }

  /** Stops the stream, also in the middle of an item, and resolves when its generator has run its `finally`. */
  return(): Promise<IteratorResult<unknown, undefined>> {
    this.#drop();
    if (this.#state === "unread") this.#state = "ended";
    if (this.#state === "ended") return Promise.resolve(DONE);
    return new Promise((resolve, reject) => {
      this.#leavers.push({ resolve, reject });
      this.#leave();
    });
  }

  /** Stops the stream as `return` does, then rejects with `error`: the generator is not told of it. */
  async throw(error: unknown): Promise<IteratorResult<unknown, undefined>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  /** Source: the next item. */
  push(item: Item): void {
    if (this.#state !== "open") return;
    const reader = this.#readers.shift();
    if (reader === undefined) {
      this.#items.push(item);
      return;
    }
    if (this.#readers.length === 0) this.#source.satisfied();
    reader.resolve(this.#read(item));
  }

  /** Source: there are no more items. */
  end(): void {
    this.#state = "ended";
    this.#finish();
  }

  /** Source: there are no more items, for this reason. */
  fail(error: unknown): void {
    const told = this.#readers.shift();
    const leavers = this.#leavers;
    this.#leavers = [];
    if (told !== undefined) told.reject(error);
    else if (leavers.length > 0) for (const leaver of leavers) leaver.reject(error);
    else if (this.#state === "open") this.#failure = { error };
    this.end();
  }

  /** Source: the items that wait are void: the stream is begun anew, or was given up. */
  discard(): void {
    this.#items = [];
  }

  #read(item: Item): Promise<IteratorResult<unknown, undefined>> {
    try {
      const value = this.#source.read(item);
      if (!(value instanceof Promise)) return Promise.resolve({ done: false, value });
      return value.then((ready: unknown) => ({ done: false, value: ready }), (error: unknown) => this.#unreadable(error));
    } catch (error) {
      return this.#unreadable(error);
    }
  }

  #unreadable(error: unknown): Promise<never> {
    this.#drop();
    if (this.#state === "open") this.#leave();
    return Promise.reject(error);
  }

  #leave(): void {
    if (this.#state !== "open") return;
    this.#state = "leaving";
    this.#source.cancel();
  }

  /** What waits is not wanted any more, and nobody waits. */
  #drop(): void {
    this.#items = [];
    this.#failure = undefined;
    const readers = this.#readers;
    this.#readers = [];
    for (const reader of readers) reader.resolve(DONE);
  }

  #finish(): void {
    for (const { resolve } of [...this.#readers, ...this.#leavers]) resolve(DONE);
    this.#readers = [];
    this.#leavers = [];
  }
}
