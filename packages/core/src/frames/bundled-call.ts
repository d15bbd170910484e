import type { Params, Payload } from "../containers/index.js";
import { KINDS, checkNoPlace } from "./frame.js";
import { defaultFrameLimits, type FrameLimits } from "./frame-limits.js";
import { FrameCutter, afterLength } from "./frame-sequence.js";
import type { JsonRecord } from "./json-header.js";
import { malformed, shown } from "./malformed.js";
import { describePayloads, readPayloads } from "./payload-entries.js";
import { HeadReader, HeadWriter } from "./repeated-header.js";

/** What a call says beside its arguments; of a call that travels alone it is in HTTP headers. */
export interface CallMarks {
  /** Whole ms until the caller gives up. */
  readonly timeoutMs?: number | undefined;
  /** "high", "normal" or "low"; normal when it is not there. */
  readonly priority?: string | undefined;
  /** Of the request that the call was made for. */
  readonly requestId?: string | undefined;
  /** W3C Trace Context. */
  readonly traceparent?: string | undefined;
  /** W3C Trace Context. */
  readonly tracestate?: string | undefined;
}

/** A call of a bundle. */
export interface BundledCall {
  /** What it says beside its arguments. */
  readonly marks: CallMarks;
  /** Its arguments. */
  readonly call: Params<Payload>;
}

/** A call of a bundle as its reader found it: to be run, or refused alone with what is wrong with it. */
export type ReadCall = BundledCall | { readonly error: unknown };

/** A body of `CALLS_TYPE` as parts to be written one after the other: a frame of each call's arguments, with its marks in the header. Copies nothing. */
export function encodeBundle(calls: readonly BundledCall[]): Uint8Array[] {
  const heads = new HeadWriter();
  const parts: Uint8Array[] = [];
  for (const { marks, call } of calls) {
    const { entries, data } = describePayloads(call);
    const { timeoutMs, priority, requestId, traceparent, tracestate } = marks;
    // Written out: a record that is made by a spread takes several times as long to stringify.
    const header = { timeoutMs, priority, requestId, traceparent, tracestate, payloads: entries };
    parts.push(...afterLength([heads.head(KINDS.payloads, header), ...data]));
  }
  return parts;
}

/**
 * The calls of a body of `CALLS_TYPE`, in order, with views on the body. A call that cannot be read is an error in its place, and no harm
 * to the others.
 *
 * @param count how many the request says that there are.
 * @throws InvalidArgumentError when the body is not so many frames, and past a limit.
 */
export function decodeBundle(body: Uint8Array, count: number, limits: FrameLimits = defaultFrameLimits): ReadCall[] {
  const cutter = new FrameCutter(limits);
  const frames: Uint8Array[] = [];
  for (let rest = body; rest.byteLength > 0; ) {
    if (frames.length === count) throw malformed(`${String(rest.byteLength)} bytes come after the ${String(count)} calls that it says it has`);
    rest = cutter.take(rest);
    if (cutter.frame !== undefined) frames.push(cutter.frame);
  }
  if (cutter.isInside) throw malformed(`call ${String(frames.length)} is longer than the body`);
  if (frames.length !== count) throw malformed(`it says that it has ${String(count)} calls, but ${String(frames.length)} are there`);
  // Nothing is read in earnest before the whole is known to be one.
  const heads = new HeadReader(limits);
  return frames.map((frame) => readCall(frame, heads, limits));
}

function readCall(frame: Uint8Array, heads: HeadReader, limits: FrameLimits): ReadCall {
  try {
    const { kind, place, header, headerEnd } = heads.open(frame);
    checkNoPlace(place);
    if (kind !== KINDS.payloads) throw malformed(`a call is a frame of payloads, not of kind ${String(kind)}`);
    return { marks: marksOf(header), call: readPayloads(header["payloads"], frame, headerEnd, limits) };
  } catch (error) {
    return { error };
  }
}

function marksOf(header: JsonRecord): CallMarks {
  const { timeoutMs } = header;
  if (timeoutMs !== undefined && (!Number.isSafeInteger(timeoutMs) || (timeoutMs as number) < 0)) throw malformed(`a call's timeoutMs is ${shown(timeoutMs)}, not a whole number of milliseconds`);
  return {
    timeoutMs: timeoutMs as number | undefined,
    priority: textOf(header, "priority"),
    requestId: textOf(header, "requestId"),
    traceparent: textOf(header, "traceparent"),
    tracestate: textOf(header, "tracestate"),
  };
}

function textOf(header: JsonRecord, name: keyof CallMarks): string | undefined {
  const value = header[name];
  if (value === undefined || typeof value === "string") return value;
  throw malformed(`a call's ${name} is ${shown(value)}, not a text`);
}
