import { InvalidModelError } from "../../errors/index.js";

/** Reads exact numbers of bytes from a stream of chunks of any size, holding only the unread rest of one chunk. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next `length` bytes; the view holds until the next read. Throws when the stream ends before that. */
  async read(length: number): Promise<Uint8Array> {
    const bytes = await this.#take(length);
    if (bytes.length < length) {
      throw new InvalidModelError("The archive ends too early: the file is cut off. Copy or export it again.");
    }
    return bytes;
  }

  /** From 1 to `limit` bytes, what is at hand without copying. Throws when the stream is at its end. */
  async readSome(limit: number): Promise<Uint8Array> {
    if (this.#rest.length === 0) await this.#fill(1);
    return this.read(Math.min(limit, Math.max(this.#rest.length, 1)));
  }

  /** Reads what is left and forgets it. */
  async drain(): Promise<void> {
    this.#rest = new Uint8Array(0);
    for (let next = await this.#chunks.next(); next.done !== true; next = await this.#chunks.next());
  }

  /** Ends the stream early, so that what feeds it lets go of its files. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #take(length: number): Promise<Uint8Array> {
    if (this.#rest.length < length) await this.#fill(length);
    const bytes = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(bytes.length);
    return bytes;
  }

  async #fill(length: number): Promise<void> {
    const parts = [this.#rest];
    let available = this.#rest.length;
    while (available < length) {
      const next = await this.#chunks.next();
      if (next.done === true) break;
      parts.push(next.value);
      available += next.value.length;
    }
    this.#rest = parts.length === 2 && parts[0]!.length === 0 ? parts[1]! : Buffer.concat(parts);
  }
}
