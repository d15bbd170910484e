import { channel } from "node:diagnostics_channel";
import type { RefusalReason, TraceContext } from "../calls/index.js";
import type { WorkerEvent } from "../workers/index.js";

/** A call of a batch that is part of a trace. */
export interface TracedCall {
  /** Where the call belongs in its trace. */
  readonly traceContext: TraceContext;
  /** Of the request that the call was made for, if it said one. */
  readonly requestId: string | undefined;
  /** Items of this call. */
  readonly items: number;
  /** How long it waited before the batch was started, ms. */
  readonly queueWaitMs: number;
}

/** Published on `bentoml:batch` when a batch has ended. Times in ms. */
export interface BatchEvent {
  /** The runner's name. */
  readonly runner: string;
  /** The method's name. */
  readonly method: string;
  /** Which worker ran it, from 0. */
  readonly workerIndex: number;
  /** Calls in it. */
  readonly requests: number;
  /** Items of all its calls. */
  readonly items: number;
  /** How long the oldest call of the batch waited before it was started. */
  readonly queueWaitMs: number;
  /** How long its calls waited, all together. */
  readonly summedQueueWaitMs: number;
  /** From the decision to start it until its last result could be read. */
  readonly durationMs: number;
  /** Part of the duration: until the batch was made up and in the hands of its worker. */
  readonly handOverMs: number;
  /** Part of the duration: from the worker's answer until each call's part of it could be read. */
  readonly readMs: number;
  /** "failed" when the method threw, "crashed" when the worker died, "hung" when it ran longer than `workerTimeoutMs`. */
  readonly outcome: "ok" | "failed" | "crashed" | "hung";
  /** Its calls that are part of traces; left out when there are none. */
  readonly traced?: readonly TracedCall[];
}

/** Published on `bentoml:shed` when a call is refused. */
export interface ShedEvent {
  /** The runner's name. */
  readonly runner: string;
  /** The method's name. */
  readonly method: string;
  /** Why it was refused. */
  readonly reason: RefusalReason;
  /** Items of the call. */
  readonly items: number;
  /** Of its arguments. */
  readonly bytes: number;
}

/** Published on `bentoml:worker` when a worker changes. */
export interface WorkerChangeEvent {
  /** The runner's name. */
  readonly runner: string;
  /** Which worker, from 0. */
  readonly workerIndex: number;
  /** What happened to it. */
  readonly event: WorkerEvent;
  /** Why, where there is more to say. */
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
