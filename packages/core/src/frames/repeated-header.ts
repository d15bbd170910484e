import { frameHead, openFrame, type KINDS, type OpenedFrame } from "./frame.js";
import type { FrameLimits } from "./frame-limits.js";
import type { JsonRecord } from "./json-header.js";

/**
 * Of a frame's head whose header others may repeat. What a header makes its reader build, it makes it build again with each repetition, which costs
 * the sender no more than a preamble: longer ones come in full each time.
 */
const MOST_REPEATED_BYTES = 4096;

type Kind = (typeof KINDS)[keyof typeof KINDS];

/** Writes the heads of frames that stand in one body. One that says the same as the head before it has no header. */
export class HeadWriter {
  #kind: Kind | undefined;
  #header: unknown;

  /** @param header what its JSON is made of. */
  head(kind: Kind, header: object, place = 0): Uint8Array {
    if (kind === this.#kind && saysTheSame(header, this.#header)) return frameHead(kind, "", place);
    const head = frameHead(kind, JSON.stringify(header), place);
    this.#kind = mayBeRepeated(head.byteLength) ? kind : undefined;
    this.#header = header;
    return head;
  }
}

/** Opens the frames of one body in their order. */
export class HeadReader {
  readonly #limits: FrameLimits;
  #header: JsonRecord | undefined;

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  /** Throws as `decodeFrame` does, and for a frame without a header where the one before it has none that can be repeated. */
  open(frame: Uint8Array): OpenedFrame {
    const before = this.#header;
    // A frame that cannot be read gives the next one nothing to repeat.
    this.#header = undefined;
    const opened = openFrame(frame, this.#limits, before);
    if (mayBeRepeated(opened.headerEnd)) this.#header = opened.header;
    return opened;
  }
}

function mayBeRepeated(headBytes: number): boolean {
  return headBytes <= MOST_REPEATED_BYTES;
}

/** Whether both give the same JSON, for a fraction of what their texts cost. Of all but lists and plain records it does not know, and says no. */
function saysTheSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left)) return Array.isArray(right) && areSameLists(left, right);
  return isPlain(left) && isPlain(right) && areSameRecords(left, right);
}

function areSameLists(left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (!saysTheSame(left[index], right[index])) return false;
  return true;
}

type PlainRecord = Readonly<Record<string, unknown>>;

/** Also in the order of their fields: a reader may go by it. */
function areSameRecords(left: PlainRecord, right: PlainRecord): boolean {
  const names = Object.keys(left);
  const others = Object.keys(right);
  if (names.length !== others.length) return false;
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    if (name !== others[index] || !saysTheSame(left[name], right[name])) return false;
  }
  return true;
}

function isPlain(value: object): value is PlainRecord {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
