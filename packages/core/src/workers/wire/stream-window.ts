import type { Payload } from "../../containers/index.js";

/** How far a stream may run ahead of its reader. */
export interface StreamWindow {
  /** Items that are made and not read yet. */
  readonly items: number;
  /** Their bytes. An item that is larger than that travels alone. */
  readonly bytes: number;
}

/** Enough items to hide the way between two threads, and so few that nobody computes much in vain when the reader leaves. */
export const STREAM_WINDOW: StreamWindow = { items: 8, bytes: 1 << 20 };

/** The bytes of an item, as both sides count them. */
export function payloadBytes({ buffers }: Payload): number {
  let bytes = 0;
  for (const buffer of buffers) bytes += buffer.byteLength;
  return bytes;
}
