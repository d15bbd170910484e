import { encodeFrame, type Frame } from "./frame.js";

/** What goes into an HTTP request or response. */
export interface HttpMessage {
  /** Header values by name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parts to be written one after the other. Buffers of payloads are among them as they are, not copied. */
  readonly body: readonly Uint8Array[];
}

export function framedMessage(contentType: string, frame: Frame): HttpMessage {
  return { headers: { "Content-Type": contentType }, body: encodeFrame(frame) };
}
