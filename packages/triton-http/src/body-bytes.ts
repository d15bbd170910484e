/** Collects the chunks of an answer: a single one as it is, several in memory that is made at once where the length was told. */
export class BodyBytes {
  readonly #declared: number;
  #whole: Uint8Array | undefined;
  #chunks: Uint8Array[] = [];
  #length = 0;

  /** @param declared Value of Content-Length, which is trusted with memory only up to `MOST_AT_ONCE`. */
  constructor(declared: string | string[] | undefined) {
    const length = Number(declared);
    this.#declared = Number.isSafeInteger(length) && length <= MOST_AT_ONCE ? length : 0;
  }

  add(chunk: Uint8Array): void {
    if (this.#length === 0 && chunk.byteLength < this.#declared) this.#whole = new Uint8Array(this.#declared);
    if (this.#whole !== undefined && this.#length + chunk.byteLength <= this.#whole.byteLength) this.#whole.set(chunk, this.#length);
    else this.#chunks.push(chunk);
    this.#length += chunk.byteLength;
  }

  bytes(): Uint8Array {
    if (this.#whole !== undefined && this.#chunks.length === 0) return this.#whole.subarray(0, this.#length);
    return this.#whole === undefined && this.#chunks.length === 1 ? (this.#chunks[0] as Uint8Array) : this.#joined();
  }

  #joined(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    const ofChunks = this.#chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
    let position = this.#length - ofChunks;
    if (this.#whole !== undefined) bytes.set(this.#whole.subarray(0, position));
    for (const chunk of this.#chunks) {
      bytes.set(chunk, position);
      position += chunk.byteLength;
    }
    return bytes;
  }
}

const MOST_AT_ONCE = 2 ** 30;
