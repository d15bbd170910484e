import { sharedPart } from "../copies/index.js";

/** W3C Trace Context: the values of the headers `traceparent` and `tracestate`. */
export interface TraceContext {
  /** Version, trace id, parent id and flags: `00-<32 hex>-<16 hex>-<2 hex>`. */
  readonly traceparent: string;
  /** What tracing systems add, passed on as it came. */
  readonly tracestate?: string | undefined;
}

/** Version, trace, parent and flags; what a later version adds comes after one more dash. Version "ff" and ids of zeros are invalid. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:-[\x21-\x7e]{0,72})?$/;
const TRACESTATE = /^[\x20-\x7e]{1,512}$/;

/** The trace context of these header values. One that is not of the form of W3C Trace Context is none, as that says. */
export function traceContextOf(traceparent: unknown, tracestate: unknown): TraceContext | undefined {
  if (typeof traceparent !== "string" || !TRACEPARENT.test(traceparent)) return undefined;
  return typeof tracestate === "string" && TRACESTATE.test(tracestate) ? { traceparent, tracestate } : { traceparent };
}

/** Gives the trace that the running code is a part of, if there is one. */
export type TraceContextSource = () => TraceContext | undefined;

interface TraceSettings {
  source: TraceContextSource | undefined;
}

/** One for all copies of this package: the server that traces may have another than the runner. */
let known: TraceSettings | undefined;

function settings(): TraceSettings {
  known ??= sharedPart<TraceSettings>("traces", () => ({ source: undefined }));
  return known;
}

/**
 * Tells where calls find their trace whose options name none: a tracing library knows what runs now. One source for the process; undefined,
 * as in the beginning, for none.
 */
export function findTracesBy(source: TraceContextSource | undefined): void {
  settings().source = source;
}

/** The trace context of a call: what its options say, where that is of the right form, else that of the code that calls. */
export function traceContextOfCall(given: TraceContext | undefined): TraceContext | undefined {
  return given === undefined ? settings().source?.() : traceContextOf(given.traceparent, given.tracestate);
}
