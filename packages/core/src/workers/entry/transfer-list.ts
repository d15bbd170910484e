import type { Payload } from "../../containers/index.js";

/**
 * A payload ready to be posted: buffers that fill their whole ArrayBuffer are given away without a copy, parts of a larger
 * one and memory that must stay here are copied first. Each ArrayBuffer is listed once.
 */
export function forTransfer(payload: Payload, mustStay: (memory: ArrayBufferLike) => boolean): { payload: Payload; transfer: ArrayBuffer[] } {
  const transfer = new Set<ArrayBuffer>();
  const buffers = payload.buffers.map((bytes) => {
    const memory = bytes.buffer;
    const whole = memory instanceof ArrayBuffer && memory.byteLength === bytes.byteLength;
    const given = whole && !mustStay(memory) && !transfer.has(memory) ? bytes : new Uint8Array(bytes);
    transfer.add(given.buffer as ArrayBuffer);
    return given;
  });
  return { payload: { ...payload, buffers }, transfer: [...transfer] };
}
