import { channel } from "node:diagnostics_channel";
import type { RefusalReason, TraceContext } from "../calls/index.js";
import type { WorkerEvent } from "../workers/index.js";

/** A call of a batch that is part of a trace. */
export interface TracedCall {
  readonly traceContext: TraceContext;
  readonly requestId: string | undefined;
  readonly items: number;
  /** How long it waited before the batch was started, ms. */
  readonly queueWaitMs: number;
}

/** Published on `bentoml:batch` when a batch has ended. Times in ms. */
export interface BatchEvent {
  readonly runner: string;
  readonly method: string;
  readonly workerIndex: number;
  readonly requests: number;
  readonly items: number;
  /** How long the oldest call of the batch waited before it was started. */
  readonly queueWaitMs: number;
  /** How long its calls waited, all together. */
  readonly summedQueueWaitMs: number;
  readonly durationMs: number;
  /** Part of the duration: until the batch was made up and in the hands of its worker. */
  readonly handOverMs: number;
  /** Part of the duration: from the worker's answer until each call's part of it could be read. */
  readonly readMs: number;
  readonly outcome: "ok" | "failed" | "crashed" | "hung";
  /** Its calls that are part of traces; left out when there are none. */
  readonly traced?: readonly TracedCall[];
}

/** Published on `bentoml:shed` when a call is refused. */
export interface ShedEvent {
  readonly runner: string;
  readonly method: string;
  readonly reason: RefusalReason;
  readonly items: number;
  /** Of its arguments. */
  readonly bytes: number;
}

/** Published on `bentoml:worker` when a worker changes. */
export interface WorkerChangeEvent {
  readonly runner: string;
  readonly workerIndex: number;
  readonly event: WorkerEvent;
  readonly reason?: string | undefined;
}

/** A channel that is published to with events of one kind. */
interface EventChannel<Event> {
  readonly hasSubscribers: boolean;
  publish(event: Event): void;
}

export const batchChannel: EventChannel<BatchEvent> = channel("bentoml:batch");
export const shedChannel: EventChannel<ShedEvent> = channel("bentoml:shed");
export const workerChannel: EventChannel<WorkerChangeEvent> = channel("bentoml:worker");
