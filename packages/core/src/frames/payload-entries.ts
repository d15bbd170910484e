import { Params, type JsonValue, type Payload } from "../containers/index.js";
import { aligned, isZero, paddingAfter } from "./alignment.js";
import type { FrameLimits } from "./frame-limits.js";
import { copyOf, isRecord, type JsonRecord } from "./json-header.js";
import { malformed, shown, tooLarge } from "./malformed.js";

/** A payload in the header of a frame. */
interface PayloadEntry {
  /** Of an argument by keyword; without one it is the next by position. */
  readonly keyword?: string;
  readonly container: string;
  readonly meta: Payload["meta"];
  readonly batchSize: number;
  /** Their lengths in bytes. Where each begins follows from them. */
  readonly buffers: readonly number[];
}

/** Describes the payloads for a header, and puts their buffers in order with the padding between them. Copies nothing. */
export function describePayloads({ args, kwargs }: Params<Payload>): { readonly entries: readonly PayloadEntry[]; readonly data: Uint8Array[] } {
  const data: Uint8Array[] = [];
  const entries: PayloadEntry[] = [];
  // Written out twice: entries that are made by a spread take several times as long to make and to stringify.
  for (const { container, meta, batchSize, buffers } of args) {
    entries.push({ container, meta, batchSize, buffers: addTo(data, buffers) });
  }
  for (const [keyword, { container, meta, batchSize, buffers }] of Object.entries(kwargs)) {
    entries.push({ keyword, container, meta, batchSize, buffers: addTo(data, buffers) });
  }
  return { entries, data };
}

/** Adds buffers to the data of a frame, each filled up to a multiple of 8. Answers their lengths. */
function addTo(data: Uint8Array[], buffers: readonly Uint8Array[]): readonly number[] {
  const lengths: number[] = [];
  for (const bytes of buffers) {
    const length = bytes.byteLength;
    lengths.push(length);
    data.push(bytes);
    if (aligned(length) !== length) data.push(paddingAfter(length));
  }
  return lengths;
}

/**
 * The payloads that a header describes, those without a keyword first, with views on `bytes`, where their buffers lie one after
 * the other from `start`, a multiple of 8, each at the next multiple of 8 with zeros between them.
 *
 * @throws InvalidArgumentError for anything else, and past a limit.
 */
export function readPayloads(list: JsonValue | undefined, bytes: Uint8Array, start: number, limits: FrameLimits): Params<Payload> {
  if (!Array.isArray(list)) throw malformed(`its header's "payloads" is ${shown(list)}, not a list`);
  if (list.length > limits.maxPayloads) throw tooLarge("payloads", list.length, limits.maxPayloads, "maxPayloads");
  const reader = new BufferReader(bytes, start, limits);
  const args: Payload[] = [];
  const kwargs: [string, Payload][] = [];
  for (const entry of list) {
    if (!isRecord(entry)) throw malformed(`a payload's entry is ${shown(entry)}, not a record`);
    const payload = readPayload(entry, reader);
    const { keyword } = entry;
    if (typeof keyword === "string") kwargs.push([keyword, payload]);
    else if (keyword === undefined && kwargs.length === 0) args.push(payload);
    else throw malformed(`the keyword of payload ${String(args.length + kwargs.length)} is ${shown(keyword)}, not a text, which every payload after one with a keyword must have`);
  }
  reader.finish();
  if (kwargs.length === 0) return new Params(args);
  const record = Object.fromEntries(kwargs);
  if (Object.keys(record).length !== kwargs.length) throw malformed("a keyword comes twice");
  return new Params(args, record);
}

function readPayload({ container, meta, batchSize, buffers }: JsonRecord, reader: BufferReader): Payload {
  if (typeof container !== "string") throw malformed(`a payload's container is ${shown(container)}, not a name`);
  if (!isRecord(meta)) throw malformed(`a payload's meta is ${shown(meta)}, not a record`);
  checkBatchSize(batchSize);
  if (!Array.isArray(buffers)) throw malformed(`a payload's buffers are ${shown(buffers)}, not a list`);
  // The header may be read for another frame too, and whoever reads a value may keep parts of its meta, and change them.
  return { container, meta: copyOf(meta), batchSize, buffers: buffers.map((length) => reader.read(length)) };
}

export function checkBatchSize(batchSize: unknown): asserts batchSize is number {
  if (!Number.isSafeInteger(batchSize) || (batchSize as number) < 0) throw malformed(`a payload's batch size is ${shown(batchSize)}, not a whole number of items`);
}

/** Takes the buffers of a frame one after the other. */
class BufferReader {
  #count = 0;
  /** Where the next one begins. */
  #next: number;

  constructor(
    private readonly bytes: Uint8Array,
    start: number,
    private readonly limits: FrameLimits,
  ) {
    this.#next = start;
  }

  read(length: JsonValue): Uint8Array {
    const number = this.#count++;
    if (this.#count > this.limits.maxBuffers) throw tooLarge("buffers", this.#count, this.limits.maxBuffers, "maxBuffers");
    if (typeof length !== "number" || !Number.isSafeInteger(length) || length < 0) throw malformed(`the length of buffer ${String(number)} is ${shown(length)}, not a whole number of bytes`);
    const from = this.#next;
    const to = from + length;
    const next = aligned(to);
    if (next > this.bytes.byteLength) throw malformed(`buffer ${String(number)} ends at byte ${String(to)}, beyond the ${String(this.bytes.byteLength)} that are there`);
    if (!isZero(this.bytes, to, next)) throw malformed(`the padding after buffer ${String(number)} is not zero`);
    this.#next = next;
    return this.bytes.subarray(from, to);
  }

  /** @throws InvalidArgumentError when bytes are left that no payload claims. */
  finish(): void {
    const left = this.bytes.byteLength - this.#next;
    if (left !== 0) throw malformed(`${String(left)} bytes are left after its buffers`);
  }
}
