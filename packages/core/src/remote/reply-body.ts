import { Buffer } from "node:buffer";
import { InvalidArgumentError } from "../errors/index.js";

/** Collects a body. Memory grows with what has come, not with what a header declares. */
export class ReplyBody {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(private readonly maxBytes: number) {}

  /** @throws InvalidArgumentError past the limit. */
  take(chunk: Uint8Array): void {
    this.#length += chunk.byteLength;
    if (this.#length > this.maxBytes) throw new InvalidArgumentError(`It has more than ${String(this.maxBytes)} bytes, which is the most that a client takes.`);
    this.#chunks.push(chunk);
  }

  /** The whole body. Of several chunks it is in memory of its own that begins at a multiple of 8, so that tensors are read in place. */
  bytes(): Uint8Array {
    const [only] = this.#chunks;
    if (only !== undefined && this.#chunks.length === 1) return only;
    const whole = Buffer.allocUnsafeSlow(this.#length);
    let position = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, position);
      position += chunk.byteLength;
    }
    return whole;
  }

  text(): string {
    return Buffer.from(this.bytes()).toString("utf8");
  }
}
