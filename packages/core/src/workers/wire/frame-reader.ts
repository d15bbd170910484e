export interface FrameReaderOptions {
  /** Memory of at least so many bytes, in which a frame is put together from its first byte on. */
  readonly memoryFor: (bytes: number) => ArrayBuffer;
  readonly onFrame: (memory: ArrayBuffer, length: number) => void;
}

/** The length of the frame that follows, as uint64. */
const PREFIX_BYTES = 8;
const INBOX_BYTES = 1 << 16;

/**
 * Puts the frames of a stream together, each in memory of its own and aligned in it. Bytes come in chunks that are cut anywhere, or are
 * read to where `room` says: then the most part of a large frame goes from the system to its place without a copy.
 */
export class FrameReader {
  readonly #options: FrameReaderOptions;
  readonly #prefix = new Uint8Array(PREFIX_BYTES);
  #prefixFilled = 0;
  #memory: ArrayBuffer | undefined;
  #length = 0;
  #filled = 0;
  #inbox: Uint8Array | undefined;

  constructor(options: FrameReaderOptions) {
    this.#options = options;
  }

  /** Where the next bytes shall be read to; to be asked for anew after each `filled`. */
  get room(): Uint8Array {
    if (this.#memory !== undefined) return new Uint8Array(this.#memory, this.#filled, this.#length - this.#filled);
    return (this.#inbox ??= new Uint8Array(INBOX_BYTES));
  }

  /** So many bytes have come to where `room` said. */
  filled(bytes: number): void {
    if (this.#memory === undefined) return this.push(this.room.subarray(0, bytes));
    this.#filled += bytes;
    this.#finish();
  }

  push(chunk: Uint8Array): void {
    for (let rest = chunk; rest.byteLength > 0; ) rest = this.#memory === undefined ? this.#takePrefix(rest) : this.#takeFrame(rest, this.#memory);
  }

  #takePrefix(bytes: Uint8Array): Uint8Array {
    const taken = bytes.subarray(0, PREFIX_BYTES - this.#prefixFilled);
    this.#prefix.set(taken, this.#prefixFilled);
    this.#prefixFilled += taken.byteLength;
    if (this.#prefixFilled === PREFIX_BYTES) {
      this.#length = Number(new DataView(this.#prefix.buffer).getBigUint64(0, true));
      this.#memory = this.#options.memoryFor(this.#length);
      this.#prefixFilled = 0;
      this.#filled = 0;
    }
    return bytes.subarray(taken.byteLength);
  }

  #takeFrame(bytes: Uint8Array, memory: ArrayBuffer): Uint8Array {
    const taken = bytes.subarray(0, this.#length - this.#filled);
    new Uint8Array(memory, this.#filled).set(taken);
    this.#filled += taken.byteLength;
    this.#finish();
    return bytes.subarray(taken.byteLength);
  }

  #finish(): void {
    if (this.#memory === undefined || this.#filled < this.#length) return;
    const memory = this.#memory;
    this.#memory = undefined;
    this.#options.onFrame(memory, this.#length);
  }
}
