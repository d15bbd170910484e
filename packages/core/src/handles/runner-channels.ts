import { channel } from "node:diagnostics_channel";
import type { RefusalReason } from "../calls/index.js";
import type { WorkerEvent } from "../workers/index.js";

/** Published on `bentoml:batch` when a batch has ended. Times in ms. */
export interface BatchEvent {
  readonly runner: string;
  readonly method: string;
  readonly workerIndex: number;
  readonly requests: number;
  readonly items: number;
  /** How long the oldest call of the batch waited before it was started. */
  readonly queueWaitMs: number;
  readonly durationMs: number;
  readonly outcome: "ok" | "failed" | "crashed" | "hung";
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
