import type { MessagePort } from "node:worker_threads";
import type { ContainerModule, Payload } from "../../containers/index.js";
import type { ErrorData } from "./error-data.js";
import type { CallLayout } from "./row-layout.js";

/** What a worker is started with. */
export interface WorkerStart {
  /** Memory of the lock word. */
  readonly lock: SharedArrayBuffer;
  /** The worker's end of the channel on which all messages go. */
  readonly port: MessagePort;
  /** Memory of the bell that the worker rings with each message. */
  readonly bell: SharedArrayBuffer;
  readonly runner: string;
  readonly runnable: { readonly module: string; readonly export: string; readonly params: unknown };
  readonly methods: Readonly<Record<string, { readonly outputBatchDim: number; readonly stream: boolean }>>;
  /** Whether the worker may stay awake for the next batch instead of sleeping. */
  readonly spin: boolean;
  readonly setup: { readonly workerIndex: number; readonly workerCount: number; readonly threads: number; readonly maxBatchSize: number };
}

/** A block of shared memory that holds rows; the worker keeps it by its id until told to drop it. */
export interface SharedBlock {
  readonly id: number;
  readonly capacity: number;
  readonly memory: SharedArrayBuffer;
}

export interface RunBatch {
  readonly type: "run";
  readonly batch: number;
  readonly method: string;
  readonly items: number;
  readonly layout: number;
  readonly newLayout: CallLayout | undefined;
  /** Where the rows are, in order: block id, first row, number of rows, and so on. */
  readonly segments: readonly number[];
  readonly newBlocks: readonly SharedBlock[];
  readonly droppedBlocks: readonly number[];
  /** By slot of the layout: one payload per call for "joined", a single one for "shared". */
  readonly payloads: readonly (readonly Payload[])[];
  /** Where the worker finds containers that it has not been told of; undefined when there are none. */
  readonly newContainers: readonly ContainerModule[] | undefined;
  readonly requestIds: readonly string[];
  /** When the last of the batch's callers gives up, ms since 1970; absent when one of them never does. */
  readonly deadline: number | undefined;
}

/** From the pool to a worker. */
export type ToWorker =
  | RunBatch
  /** Nobody waits for this batch any more. */
  | { readonly type: "abort"; readonly batch: number }
  /** So many items of a stream, of so many bytes, were read: there is room for as many more. */
  | { readonly type: "taken"; readonly batch: number; readonly items: number; readonly bytes: number }
  | { readonly type: "close" };

/** From a worker to the pool. */
export type FromWorker =
  | { readonly type: "ready"; readonly facts: Readonly<Record<string, unknown>> }
  | { readonly type: "setup-failed"; readonly error: ErrorData }
  | { readonly type: "done"; readonly batch: number; readonly result: Payload }
  /** The next item of a stream. */
  | { readonly type: "item"; readonly batch: number; readonly item: Payload }
  /** A stream has no more items, or has stopped as it was told. */
  | { readonly type: "ended"; readonly batch: number }
  | { readonly type: "failed"; readonly batch: number; readonly error: ErrorData };
