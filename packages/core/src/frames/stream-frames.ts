import { Buffer } from "node:buffer";
import type { Payload } from "../containers/index.js";
import { aligned } from "./alignment.js";
import { decodeFrame, encodeFrame, PREAMBLE_BYTES, type Frame } from "./frame.js";
import { defaultFrameLimits, type FrameLimits } from "./frame-limits.js";
import { malformed, tooLarge } from "./malformed.js";

/** What comes out of a stream: its items, then either its end or the error that broke it off. */
export type StreamEvent =
  | { readonly kind: "item"; readonly payload: Payload }
  | { readonly kind: "error"; readonly error: unknown }
  | { readonly kind: "end" };

/** The length of the frame that follows, as uint64. */
const PREFIX_BYTES = 8;
/** Of memory for a frame that comes in parts: it doubles from here to the frame's own length. */
const LEAST_CAPACITY = 4096;

/** A frame of a stream, as parts to be written one after the other. Items are frames of one payload at position 0. */
export function encodeStreamFrame(frame: Frame): Uint8Array[] {
  const parts = encodeFrame(frame);
  const prefix = Buffer.allocUnsafe(PREFIX_BYTES);
  let length = 0;
  for (const part of parts) length += part.byteLength;
  prefix.writeBigUInt64LE(BigInt(length));
  return [prefix, ...parts];
}

/**
 * Reads a stream from chunks that are cut anywhere. Frames that lie in one chunk are views on it; others are put together in
 * memory that grows with what has come, never with what a frame declares.
 */
export class StreamDecoder {
  readonly #limits: FrameLimits;
  /** The beginning of what is not whole yet. */
  #memory: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #filled = 0;
  #state: "open" | "over" | "broken" = "open";

  constructor(limits: FrameLimits = defaultFrameLimits) {
    this.#limits = limits;
  }

  /**
   * The events that are whole with this chunk, in order. A view on the chunk may be in them: do not use its memory again.
   *
   * @throws InvalidArgumentError for what is no stream of frames, and for bytes after its end; then the stream is lost.
   */
  push(chunk: Uint8Array): StreamEvent[] {
    const events: StreamEvent[] = [];
    try {
      let rest = chunk;
      while (rest.byteLength > 0) rest = this.#take(rest, events);
    } catch (error) {
      this.#state = "broken";
      this.#memory = new Uint8Array(0);
      throw error;
    }
    return events;
  }

  /** @throws InvalidArgumentError when the stream stopped without an end or an error: something was cut off. */
  finish(): void {
    if (this.#state === "open") throw malformed("the stream stops without its end frame: the sender or the connection broke off");
  }

  /** Takes one frame, or all there is of it, and gives back what follows. */
  #take(chunk: Uint8Array, events: StreamEvent[]): Uint8Array {
    if (this.#state !== "open") throw malformed(`${String(chunk.byteLength)} bytes come after the ${this.#state === "over" ? "end of the stream" : "error that broke it"}`);
    if (this.#filled < PREFIX_BYTES && (this.#filled > 0 || chunk.byteLength < PREFIX_BYTES)) return this.#collect(chunk, PREFIX_BYTES);
    const whole = PREFIX_BYTES + frameLength(this.#filled > 0 ? this.#memory : chunk, this.#limits);
    if (this.#filled > 0) {
      const rest = this.#collect(chunk, whole);
      if (this.#filled === whole) events.push(this.#event(this.#release()));
      return rest;
    }
    if (chunk.byteLength < whole) return this.#collect(chunk, whole);
    events.push(this.#event(chunk.subarray(PREFIX_BYTES, whole)));
    return chunk.subarray(whole);
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
    this.#memory = new Uint8Array(0);
    this.#filled = 0;
    return frame;
  }

  #event(bytes: Uint8Array): StreamEvent {
    const frame = decodeFrame(bytes, this.#limits);
    if (frame.kind === "payloads") {
      const { payloads } = frame;
      const [payload] = payloads.args;
      if (payload === undefined || payloads.size !== 1) throw malformed(`an item of a stream is one payload by position, not ${String(payloads.size)}`);
      return { kind: "item", payload };
    }
    this.#state = "over";
    return frame;
  }
}

function frameLength(bytes: Uint8Array, limits: FrameLimits): number {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, PREFIX_BYTES).getBigUint64(0, true));
  if (length > limits.maxFrameBytes) throw tooLarge("bytes of a frame", length, limits.maxFrameBytes, "maxFrameBytes");
  if (length < PREAMBLE_BYTES || length !== aligned(length)) throw malformed(`a frame of ${String(length)} bytes is none: it has at least ${String(PREAMBLE_BYTES)}, and a multiple of 8`);
  return length;
}
