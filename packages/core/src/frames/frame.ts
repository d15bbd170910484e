import { Buffer } from "node:buffer";
import type { Params, Payload } from "../containers/index.js";
import { aligned } from "./alignment.js";
import { describeError, readError } from "./error-header.js";
import { defaultFrameLimits, type FrameLimits } from "./frame-limits.js";
import { parseHeader, type JsonRecord } from "./json-header.js";
import { malformed, tooLarge } from "./malformed.js";
import { describePayloads, readPayloads } from "./payload-entries.js";

/** What a frame says: payloads by position and keyword, an error, or that a stream has ended. */
export type Frame =
  | { readonly kind: "payloads"; readonly payloads: Params<Payload> }
  | { readonly kind: "error"; readonly error: unknown }
  | { readonly kind: "end" };

/** "BMLF" */
const MAGIC = 0x464c4d42;
const VERSION = 1;
/** Magic, version, kind, header length, place. */
export const PREAMBLE_BYTES = 16;
const SPACE = 0x20;
export const KINDS = { payloads: 1, error: 2, end: 3 } as const;

/** A frame of which only the header was read. */
export interface OpenedFrame {
  readonly kind: number;
  /** Of a reply: its call's place in the bundle. Of all others 0. */
  readonly place: number;
  readonly header: JsonRecord;
  /** Where the data begin. */
  readonly headerEnd: number;
}

/**
 * A frame as parts to be written one after the other. Buffers of payloads are parts as they are, not copies: they must not
 * change before they are written.
 */
export function encodeFrame(frame: Frame): Uint8Array[] {
  switch (frame.kind) {
    case "payloads": {
      const { entries, data } = describePayloads(frame.payloads);
      return [frameHead(KINDS.payloads, JSON.stringify({ payloads: entries })), ...data];
    }
    case "error":
      return [frameHead(KINDS.error, JSON.stringify({ error: describeError(frame.error) }))];
    case "end":
      return [frameHead(KINDS.end, "{}")];
  }
}

/**
 * Reads the frame that `bytes` are. Buffers are views on `bytes`, never copies: they begin at multiples of 8 of the frame, so
 * that tensors are read in place when the frame itself begins at a multiple of 8 of its memory. Otherwise the containers copy
 * each tensor whose address does not suit its dtype.
 *
 * @throws InvalidArgumentError for anything but one whole frame, for another version, and past a limit.
 */
export function decodeFrame(bytes: Uint8Array, limits: FrameLimits = defaultFrameLimits): Frame {
  const { kind, place, header, headerEnd } = openFrame(bytes, limits);
  checkNoPlace(place);
  if (kind === KINDS.payloads) return { kind: "payloads", payloads: readPayloads(header["payloads"], bytes, headerEnd, limits) };
  if (headerEnd < bytes.byteLength) throw malformed(`${String(bytes.byteLength - headerEnd)} bytes are left after its header`);
  if (kind === KINDS.error) return { kind: "error", error: readError(header["error"]) };
  if (kind === KINDS.end) return { kind: "end" };
  throw malformed(`it is of the unknown kind ${String(kind)}`);
}

/**
 * Reads kind and header of the frame that `bytes` are. Throws as `decodeFrame` does.
 *
 * @param before the header that it has when it comes without one.
 */
export function openFrame(bytes: Uint8Array, limits: FrameLimits, before?: JsonRecord): OpenedFrame {
  const frame = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerEnd = checkPreamble(frame, limits);
  const header = headerEnd > PREAMBLE_BYTES ? parseHeader(frame, PREAMBLE_BYTES, headerEnd, limits) : before;
  if (header === undefined) throw malformed("it has no header, and there is none before it that it could repeat");
  return { kind: frame.readUInt16LE(6), place: frame.readUInt32LE(12), header, headerEnd };
}

/** @throws InvalidArgumentError for the place of a frame that is no reply of a bundle. */
export function checkNoPlace(place: number): void {
  if (place !== 0) throw malformed(`it has the place ${String(place)}, and only a reply of a bundle has one: bytes 12 to 15 must be zero`);
}

/**
 * What a frame begins with, up to its data.
 *
 * @param header its JSON; empty when the frame repeats the one before it.
 */
export function frameHead(kind: number, header: string, place = 0): Uint8Array {
  const length = Buffer.byteLength(header, "utf8");
  const padded = aligned(length);
  const head = Buffer.allocUnsafe(PREAMBLE_BYTES + padded);
  head.writeUInt32LE(MAGIC, 0);
  head.writeUInt16LE(VERSION, 4);
  head.writeUInt16LE(kind, 6);
  head.writeUInt32LE(padded, 8);
  head.writeUInt32LE(place, 12);
  head.write(header, PREAMBLE_BYTES, "utf8");
  head.fill(SPACE, PREAMBLE_BYTES + length);
  return head;
}

/** Where the header ends. */
function checkPreamble(frame: Buffer, limits: FrameLimits): number {
  const { byteLength } = frame;
  if (byteLength > limits.maxFrameBytes) throw tooLarge("bytes", byteLength, limits.maxFrameBytes, "maxFrameBytes");
  if (byteLength < PREAMBLE_BYTES) throw malformed(`it has ${String(byteLength)} bytes, fewer than the ${String(PREAMBLE_BYTES)} that a frame begins with`);
  if (frame.readUInt32LE(0) !== MAGIC) throw malformed('it does not begin with "BMLF" as a frame does');
  const version = frame.readUInt16LE(4);
  if (version !== VERSION) throw malformed(`it is a frame of version ${String(version)}, and only version ${String(VERSION)} is known here: use the same release on both sides`);
  const length = frame.readUInt32LE(8);
  if (length > limits.maxHeaderBytes) throw tooLarge("bytes of header", length, limits.maxHeaderBytes, "maxHeaderBytes");
  const end = PREAMBLE_BYTES + length;
  if (end === aligned(end) && end <= byteLength) return end;
  throw malformed(`its header of ${String(length)} bytes is no multiple of 8 or does not fit its ${String(byteLength)} bytes`);
}
