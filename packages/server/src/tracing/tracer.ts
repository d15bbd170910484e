import { ROOT_CONTEXT, TraceFlags, context, createTraceState, trace, type Context, type SpanContext, type Tracer } from "@opentelemetry/api";
import { traceContextOf, type TraceContext } from "bentoml-core";
import { serverVersion } from "../server-version.js";

/**
 * The tracer of whichever OpenTelemetry SDK is registered in this process; undefined when none is. The API says that without words: its
 * provider has a delegate once an SDK has come.
 */
export function registeredTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider() as { getDelegateTracer?: (...names: readonly string[]) => Tracer | undefined; getTracer(...names: readonly string[]): Tracer };
  const names = ["bentoml-server", serverVersion()] as const;
  return provider.getDelegateTracer === undefined ? provider.getTracer(...names) : provider.getDelegateTracer(...names);
}

/** A trace context as OpenTelemetry has it. */
export function spanContextOf({ traceparent, tracestate }: TraceContext): SpanContext {
  return {
    traceId: traceparent.slice(3, 35),
    spanId: traceparent.slice(36, 52),
    traceFlags: Number.parseInt(traceparent.slice(53, 55), 16) & TraceFlags.SAMPLED,
    isRemote: true,
    ...(tracestate === undefined ? {} : { traceState: createTraceState(tracestate) }),
  };
}

/** What spans are children of that belong to this trace. */
export function parentContext(given: TraceContext | undefined): Context {
  return given === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, spanContextOf(given));
}

/** Runs what belongs to this trace: spans that it begins, and calls of runners, are children of it. */
export function inTraceOf<Result>(given: TraceContext | undefined, run: () => Result): Result {
  return given === undefined ? run() : context.with(parentContext(given), run);
}

/** A span's context as it stands in headers; undefined for a span of no SDK. */
export function traceContextOfSpan({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceContext | undefined {
  return traceContextOf(`00-${traceId}-${spanId}-0${String(traceFlags & TraceFlags.SAMPLED)}`, traceState?.serialize());
}

/** Milliseconds since 1970 of a `performance.now()`: all our spans are on one clock, whatever each of them begins with. */
export function epochMs(now: number): number {
  return performance.timeOrigin + now;
}
