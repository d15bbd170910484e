import { takeOut } from "../../calls/index.js";
import { powerOfTwoAtLeast } from "./power-of-two.js";

/** The smallest piece. */
const LEAST_BYTES = 4096;
/** What is larger than needed by this factor is not taken: a rare large batch must not be kept warm for small ones. */
const MOST_SLACK = 64;
/** Kept for later; more are lent at a time where batches run beside each other. */
const MOST_KEPT = 2;

/**
 * Memory in which batches lie on their way, used again and again: fresh memory costs many times what copying into it costs.
 * Whoever takes a piece owns it until he gives it back.
 */
export class WarmMemory {
  readonly #lent: ArrayBufferLike[] = [];
  #kept: ArrayBuffer[] = [];

  /** A piece of at least `bytes`, with anything in it. */
  take(bytes: number): ArrayBuffer {
    const place = this.#kept.findIndex(({ byteLength }) => byteLength >= bytes && byteLength <= Math.max(bytes, LEAST_BYTES) * MOST_SLACK);
    const memory = place < 0 ? new ArrayBuffer(powerOfTwoAtLeast(Math.max(bytes, LEAST_BYTES))) : (this.#kept.splice(place, 1)[0] as ArrayBuffer);
    this.#lent.push(memory);
    return memory;
  }

  /** Nothing refers to the piece any more. */
  giveBack(memory: ArrayBuffer): void {
    // One that was transferred elsewhere in the meantime has no bytes left.
    if (takeOut(this.#lent, memory) && memory.byteLength > 0) this.#kept = [memory, ...this.#kept].slice(0, MOST_KEPT);
  }

  /** The piece is somebody else's from now on. */
  giveAway(memory: ArrayBuffer): void {
    takeOut(this.#lent, memory);
  }

  /** True for memory that a later batch will overwrite; a result that lies in it must be copied. */
  owns(memory: ArrayBufferLike): boolean {
    return this.#lent.includes(memory);
  }
}
