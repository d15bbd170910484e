import { SpanKind, SpanStatusCode, TraceFlags, trace, type Attributes, type Link, type Span, type SpanContext, type Tracer } from "@opentelemetry/api";
import type { BatchEvent, TracedCall } from "bentoml-core";
import { epochMs, parentContext, spanContextOf } from "./tracer.js";

/** Most requests that a batch's span names: batches have no such bound. */
const MOST_LINKS = 128;

/**
 * The spans of a batch that has ended, for those of its calls whose traces are recorded: one of the batch, in the trace of its first call and
 * with links to all, and for each call one of its wait and one of its run, the latter with a link to the batch. So each trace is whole by itself.
 */
export function recordBatch(tracer: Tracer, event: BatchEvent, endedAt: number): void {
  const calls = (event.traced ?? []).filter(({ traceContext }) => isSampled(spanContextOf(traceContext)));
  const [first] = calls;
  if (first === undefined) return;
  const endTime = epochMs(endedAt);
  const startTime = endTime - event.durationMs;
  const links = calls.slice(0, MOST_LINKS).map(({ traceContext }): Link => ({ context: spanContextOf(traceContext) }));
  const attributes = describeBatch(event);
  const batch = tracer.startSpan(`batch ${event.runner}.${event.method}`, { kind: SpanKind.INTERNAL, startTime, links, attributes }, parentContext(first.traceContext));
  for (const call of calls) recordCall(tracer, event, call, batch, startTime, endTime);
  conclude(batch, event.outcome, endTime);
}

function recordCall(tracer: Tracer, event: BatchEvent, call: TracedCall, batch: Span, startTime: number, endTime: number): void {
  const parent = parentContext(call.traceContext);
  const own: Attributes = { "bentoml.call.items": call.items };
  const names = { "bentoml.runner": event.runner, "bentoml.method": event.method };
  tracer.startSpan(`queue ${event.runner}.${event.method}`, { kind: SpanKind.INTERNAL, startTime: startTime - call.queueWaitMs, attributes: { ...names, ...own } }, parent).end(startTime);
  const links = trace.isSpanContextValid(batch.spanContext()) ? [{ context: batch.spanContext() }] : [];
  const run = tracer.startSpan(`run ${event.runner}.${event.method}`, { kind: SpanKind.INTERNAL, startTime, links, attributes: { ...describeBatch(event), ...own } }, parent);
  conclude(run, event.outcome, endTime);
}

function describeBatch({ runner, method, workerIndex, items, requests, outcome }: BatchEvent): Attributes {
  return {
    "bentoml.runner": runner,
    "bentoml.method": method,
    "bentoml.worker.index": workerIndex,
    "bentoml.batch.items": items,
    "bentoml.batch.requests": requests,
    "bentoml.batch.outcome": outcome,
  };
}

function conclude(span: Span, outcome: BatchEvent["outcome"], endTime: number): void {
  if (outcome !== "ok") span.setAttribute("error.type", outcome).setStatus({ code: SpanStatusCode.ERROR });
  span.end(endTime);
}

function isSampled({ traceFlags }: SpanContext): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0;
}
