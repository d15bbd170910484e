import { InvalidModelError } from "../../../errors/index.js";

/** Room behind the dictionary; the larger it is, the more seldom the dictionary is moved to the front. */
const SLACK_BYTES = 4 << 20;

/**
 * The decoded bytes that later matches may point back to: a linear buffer whose last `dictionarySize` bytes are moved to
 * its front when it is full, so that reads need no wrap-around.
 */
export class LzmaWindow {
  /** Where the next byte goes. */
  position = 0;
  /** Bytes since the dictionary was last reset, modulo 2^30: only its low bits are used. */
  total = 0;
  readonly #bytes: Uint8Array;
  readonly #dictionarySize: number;

  constructor(dictionarySize: number) {
    this.#dictionarySize = dictionarySize;
    this.#bytes = new Uint8Array(dictionarySize + SLACK_BYTES);
  }

  reset(): void {
    this.position = 0;
    this.total = 0;
  }

  /** Makes sure that `length` more bytes fit; at most 2 MiB, the size of the largest chunk. Returns where they begin. */
  reserve(length: number): number {
    if (this.position + length > this.#bytes.length) {
      const kept = Math.min(this.position, this.#dictionarySize);
      this.#bytes.copyWithin(0, this.position - kept, this.position);
      this.position = kept;
    }
    return this.position;
  }

  /** The byte `distance` bytes back; 0 before the first one. */
  byteAt(distance: number): number {
    return this.#bytes[this.position - distance] ?? 0;
  }

  put(byte: number): void {
    this.#bytes[this.position++] = byte;
    this.total = (this.total + 1) & 0x3fffffff;
  }

  /** Appends stored bytes. */
  append(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.position);
    this.position += bytes.length;
    this.total = (this.total + bytes.length) & 0x3fffffff;
  }

  /** Appends `length` bytes read from `distance` bytes back; they may overlap what is being written. */
  repeat(distance: number, length: number, end: number): void {
    const bytes = this.#bytes;
    const from = this.position - distance;
    if (from < 0 || distance > this.#dictionarySize || this.position + length > end) {
      throw new InvalidModelError("The xz data is damaged: a match reaches outside of the data.");
    }
    if (distance >= length) bytes.copyWithin(this.position, from, from + length);
    else for (let index = 0; index < length; index++) bytes[this.position + index] = bytes[from + index]!;
    this.position += length;
    this.total = (this.total + length) & 0x3fffffff;
  }

  /** A copy of the bytes from `start` to the current position. */
  copyFrom(start: number): Uint8Array {
    return this.#bytes.slice(start, this.position);
  }
}
