import { Buffer } from "node:buffer";
import { aligned } from "./alignment.js";
import { PREAMBLE_BYTES } from "./frame.js";
import type { FrameLimits } from "./frame-limits.js";
import { malformed, tooLarge } from "./malformed.js";

/** The length of the frame that follows, as uint64. */
const PREFIX_BYTES = 8;
/** Of memory for a frame that comes in parts: it doubles from here to the frame's own length. */
const LEAST_CAPACITY = 4096;

/** The parts of a frame after their length: so frames stand one after the other in a body. */
export function afterLength(parts: readonly Uint8Array[]): Uint8Array[] {
  const prefix = Buffer.allocUnsafe(PREFIX_BYTES);
  let length = 0;
  for (const part of parts) length += part.byteLength;
  // A number is exact to 2^53, and a BigInt costs more than all the rest.
  prefix.writeUInt32LE(length % 2 ** 32, 0);
  prefix.writeUInt32LE(Math.floor(length / 2 ** 32), 4);
  return [prefix, ...parts];
}

/**
 * Cuts frames that stand one after the other out of chunks that are cut anywhere. Frames that lie in one chunk are views on it; others are
 * put together in memory that grows with what has come, never with what a frame declares.
 */
export class FrameCutter {
  readonly #limits: FrameLimits;
  /** The beginning of what is not whole yet. */
  #memory: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #filled = 0;
  /** The frame that the last `take` completed, undefined when it did not. */
  frame: Uint8Array | undefined;

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  /** Whether a part of a frame has come, and the rest of it has not. */
  get isInside(): boolean {
    return this.#filled > 0;
  }

  /**
   * Takes one frame, or all there is of it, and gives back what follows.
   *
   * @throws InvalidArgumentError for a length that no frame has, and past the limit.
   */
  take(chunk: Uint8Array): Uint8Array {
    this.frame = undefined;
    if (this.#filled < PREFIX_BYTES && (this.#filled > 0 || chunk.byteLength < PREFIX_BYTES)) return this.#collect(chunk, PREFIX_BYTES);
    const whole = PREFIX_BYTES + frameLength(this.#filled > 0 ? this.#memory : chunk, this.#limits);
    if (this.#filled > 0) {
      const rest = this.#collect(chunk, whole);
      if (this.#filled === whole) this.frame = this.#release();
      return rest;
    }
    if (chunk.byteLength < whole) return this.#collect(chunk, whole);
    this.frame = chunk.subarray(PREFIX_BYTES, whole);
    return chunk.subarray(whole);
  }

  /** Lets go of what was kept. */
  forget(): void {
    this.#memory = new Uint8Array(0);
    this.#filled = 0;
  }

  /** Keeps bytes of the chunk until `wanted` are there. */
  #collect(chunk: Uint8Array, wanted: number): Uint8Array {
    const taken = chunk.subarray(0, wanted - this.#filled);
    const filled = this.#filled + taken.byteLength;
    if (filled > this.#memory.byteLength) {
      const grown = new Uint8Array(Math.min(Math.max(2 * filled, LEAST_CAPACITY), wanted));
      grown.set(this.#memory.subarray(0, this.#filled));
      this.#memory = grown;
    }
    this.#memory.set(taken, this.#filled);
    this.#filled = filled;
    return chunk.subarray(taken.byteLength);
  }

  /** The frame that has been collected; the memory is the reader's from now on. */
  #release(): Uint8Array {
    const frame = this.#memory.subarray(PREFIX_BYTES, this.#filled);
    this.forget();
    return frame;
  }
}

function frameLength(bytes: Uint8Array, limits: FrameLimits): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, PREFIX_BYTES);
  const length = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  if (length > limits.maxFrameBytes) throw tooLarge("bytes of a frame", length, limits.maxFrameBytes, "maxFrameBytes");
  if (length < PREAMBLE_BYTES || length !== aligned(length)) throw malformed(`a frame of ${String(length)} bytes is none: it has at least ${String(PREAMBLE_BYTES)}, and a multiple of 8`);
  return length;
}
