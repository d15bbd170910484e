import { InvalidModelError } from "../../errors/index.js";

/** Reads exact numbers of bytes from a stream of chunks of any size, holding only the unread rest of one chunk. */
export class ByteSource {
  readonly #what: string;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);
  #consumed = 0;

  /** `what` names the data in errors. */
  constructor(chunks: AsyncIterable<Uint8Array>, what: string) {
    this.#what = what;
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Bytes handed out so far. */
  get consumed(): number {
    return this.#consumed;
  }

  /** The next `length` bytes; the view holds until the next read. Throws when the stream ends before that. */
  async read(length: number): Promise<Uint8Array> {
    const bytes = await this.#take(length);
    if (bytes.length < length) throw this.#cutOff();
    return bytes;
  }

  async byte(): Promise<number> {
    return (await this.read(1))[0]!;
  }

  /** From 1 to `limit` bytes, what is at hand without copying. Throws when the stream is at its end. */
  async readSome(limit: number): Promise<Uint8Array> {
    if (this.#rest.length === 0) await this.#fill(1);
    return this.read(Math.min(limit, Math.max(this.#rest.length, 1)));
  }

  /** As `read`, but `undefined` when the stream is at its end. */
  async readUnlessEnded(length: number): Promise<Uint8Array | undefined> {
    const bytes = await this.#take(length);
    if (bytes.length === 0) return undefined;
    if (bytes.length < length) throw this.#cutOff();
    return bytes;
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

  #cutOff(): InvalidModelError {
    return new InvalidModelError(`The ${this.#what} ends too early: the file is cut off. Copy or export it again.`);
  }

  async #take(length: number): Promise<Uint8Array> {
    if (this.#rest.length < length) await this.#fill(length);
    const bytes = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(bytes.length);
    this.#consumed += bytes.length;
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
