import type { Payload } from "./payload.js";

/**
 * The payload with copies of its buffers, so that whoever owned them may overwrite them; one that is still to come is copied when it has
 * come. The copies are plain byte arrays: the `slice` of a Buffer would be a view.
 */
export function ownedPayload(payload: Payload): Payload;
export function ownedPayload(payload: Payload | Promise<Payload>): Payload | Promise<Payload>;
export function ownedPayload(payload: Payload | Promise<Payload>): Payload | Promise<Payload> {
  if (payload instanceof Promise) return payload.then((ready) => ownedPayload(ready));
  return { ...payload, buffers: payload.buffers.map((bytes) => new Uint8Array(bytes)) };
}
