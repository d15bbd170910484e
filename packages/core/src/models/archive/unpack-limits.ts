import { InvalidModelError } from "../../errors/index.js";

export interface UnpackLimits {
  /** Bytes that the files of a model may have together. Default 64 GiB. */
  readonly maxUnpackedBytes: number;
  /** Files and folders that a model may have. Default 100,000. */
  readonly maxEntries: number;
}

export const DEFAULT_UNPACK_LIMITS: UnpackLimits = { maxUnpackedBytes: 64 * 2 ** 30, maxEntries: 100_000 };

/** What an archive may hold besides the files' bytes: headers and long names of each entry, and padding at the end. */
const BYTES_PER_ENTRY = 4096;
const BYTES_AT_END = 1 << 20;

/** Counts what is unpacked, before it is written, and throws InvalidModelError when it is too much. */
export class UnpackCounter {
  readonly #limits: UnpackLimits;
  #entries = 0;
  #bytes = 0;
  #stream = 0;

  constructor(limits: UnpackLimits) {
    this.#limits = limits;
  }

  countEntry(size: number): void {
    this.#entries++;
    this.#bytes += size;
    const { maxEntries, maxUnpackedBytes } = this.#limits;
    if (this.#entries > maxEntries) throw tooLarge(`holds more than ${maxEntries} files and folders`, "maxEntries");
    if (this.#bytes > maxUnpackedBytes) throw tooLarge(`unpacks to more than ${maxUnpackedBytes} bytes`, "maxUnpackedBytes");
  }

  /** Passes the bytes of the unpacked stream on, up to what the limits can need: entries that lie about their size end here. */
  async *limited(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const { maxEntries, maxUnpackedBytes } = this.#limits;
    const limit = maxUnpackedBytes + maxEntries * BYTES_PER_ENTRY + BYTES_AT_END;
    for await (const piece of stream) {
      this.#stream += piece.length;
      if (this.#stream > limit) throw tooLarge(`unpacks to more than ${maxUnpackedBytes} bytes`, "maxUnpackedBytes");
      yield piece;
    }
  }
}

function tooLarge(what: string, option: keyof UnpackLimits): InvalidModelError {
  return new InvalidModelError(`The archive ${what}. If you trust it, raise the limit: import(path, { ${option} }).`);
}
