import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { trace } from "@opentelemetry/api";
import { findTracesBy, type BatchEvent, type TraceContext } from "bentoml-core";
import { recordBatch } from "./batch-spans.js";
import { registeredTracer, traceContextOfSpan } from "./tracer.js";

const CHANNEL = "bentoml:batch";
let users = 0;

/**
 * Makes spans of what runners in workers do: of each call's wait and run, and of the batches that join them. A call belongs to the trace that
 * its options name (`traceContext`), else to the span that is active where it is made; calls to runners in other processes and on other hosts
 * carry it there. Give it an OpenTelemetry SDK first; servers call it by themselves.
 *
 * @returns what ends it. It may be called several times; each batch is recorded once, until all have ended it.
 */
export function traceRunners(): () => void {
  if (users++ === 0) {
    subscribe(CHANNEL, onBatch);
    findTracesBy(activeTrace);
  }
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    if (--users > 0) return;
    unsubscribe(CHANNEL, onBatch);
    findTracesBy(undefined);
  };
}

function onBatch(message: unknown): void {
  const event = message as BatchEvent;
  if (event.traced === undefined) return;
  const tracer = registeredTracer();
  if (tracer !== undefined) recordBatch(tracer, event, performance.now());
}

function activeTrace(): TraceContext | undefined {
  const span = trace.getActiveSpan();
  return span && traceContextOfSpan(span.spanContext());
}
