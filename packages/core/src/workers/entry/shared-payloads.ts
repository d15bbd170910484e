import type { BatchHead, WarmMemory } from "../wire/index.js";
import type { BatchRows } from "./row-source.js";

/** Enough for every dtype, and for formats that want their parts to begin with a cache line. */
const ALIGNMENT = 64;

const isShared = ({ buffer }: Uint8Array): boolean => buffer instanceof SharedArrayBuffer;

/** The payloads of a batch with copies of what lies in shared memory, all of it in one piece of warm memory. */
export function takeFromShared(payloads: BatchHead["payloads"], warm: WarmMemory): Pick<BatchRows, "payloads" | "release"> {
  const bytes = sharedBytes(payloads);
  if (bytes === 0) return { payloads, release: () => undefined };
  const memory = warm.take(bytes);
  let end = 0;
  const copyOf = (shared: Uint8Array): Uint8Array => {
    const copy = new Uint8Array(memory, end, shared.byteLength);
    copy.set(shared);
    end += aligned(shared.byteLength);
    return copy;
  };
  const copies = payloads.map((slot) => slot.map((payload) => ({ ...payload, buffers: payload.buffers.map((each) => (isShared(each) ? copyOf(each) : each)) })));
  return { payloads: copies, release: () => warm.giveBack(memory) };
}

function sharedBytes(payloads: BatchHead["payloads"]): number {
  let bytes = 0;
  for (const slot of payloads) for (const { buffers } of slot) for (const each of buffers) if (isShared(each)) bytes += aligned(each.byteLength);
  return bytes;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
