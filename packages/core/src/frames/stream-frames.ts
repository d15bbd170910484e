import type { Payload } from "../containers/index.js";
import { decodeFrame, encodeFrame, type Frame } from "./frame.js";
import { defaultFrameLimits, type FrameLimits } from "./frame-limits.js";
import { FrameCutter, afterLength } from "./frame-sequence.js";
import { malformed } from "./malformed.js";

/** What comes out of a stream: its items, then either its end or the error that broke it off. */
export type StreamEvent =
  | { readonly kind: "item"; readonly payload: Payload }
  | { readonly kind: "error"; readonly error: unknown }
  | { readonly kind: "end" };

/** A frame of a stream, as parts to be written one after the other. Items are frames of one payload at position 0. */
export function encodeStreamFrame(frame: Frame): Uint8Array[] {
  return afterLength(encodeFrame(frame));
}

/**
 * Reads a stream from chunks that are cut anywhere. Frames that lie in one chunk are views on it; others are put together in
 * memory that grows with what has come, never with what a frame declares.
 */
export class StreamDecoder {
  readonly #limits: FrameLimits;
  readonly #cutter: FrameCutter;
  #state: "open" | "over" | "broken" = "open";

  constructor(limits: FrameLimits = defaultFrameLimits) {
    this.#limits = limits;
    this.#cutter = new FrameCutter(limits);
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
      this.#cutter.forget();
      throw error;
    }
    return events;
  }

  /**
   * To be called when nothing more comes.
   *
   * @throws InvalidArgumentError when the stream stopped without an end or an error: something was cut off.
   */
  finish(): void {
    if (this.#state === "open") throw malformed("the stream stops without its end frame: the sender or the connection broke off");
  }

  /** Takes one frame, or all there is of it, and gives back what follows. */
  #take(chunk: Uint8Array, events: StreamEvent[]): Uint8Array {
    if (this.#state !== "open") throw malformed(`${String(chunk.byteLength)} bytes come after the ${this.#state === "over" ? "end of the stream" : "error that broke it"}`);
    const rest = this.#cutter.take(chunk);
    if (this.#cutter.frame !== undefined) events.push(this.#event(this.#cutter.frame));
    return rest;
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
