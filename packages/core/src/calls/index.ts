/**
 * One request's life: queued, running, settled, and how it ended. Used by `batching`, `workers` and `handles`; it uses
 * `errors` alone and knows neither values nor time.
 */
export { LinkedList, type ListPlace } from "./linked-list.js";
export { Call, type CallInit, type CallState } from "./call.js";
export type { Outcome, RefusalReason } from "./outcome.js";
export { takeOut } from "./take-out.js";
export { findTracesBy, traceContextOf, traceContextOfCall, type TraceContext, type TraceContextSource } from "./trace-context.js";
