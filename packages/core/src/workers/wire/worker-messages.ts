import type { MessagePort } from "node:worker_threads";
import type { TraceContext } from "../../calls/index.js";
import type { ContainerModule, Payload } from "../../containers/index.js";
import type { ErrorData } from "./error-data.js";
import type { CallLayout } from "./row-layout.js";

/** What every worker is started with. */
export interface WorkerStart {
  readonly runner: string;
  readonly runnable: { readonly module: string; readonly export: string; readonly params: unknown };
  readonly methods: Readonly<Record<string, { readonly outputBatchDim: number; readonly stream: boolean }>>;
  /** Whether the worker may stay awake for the next batch instead of sleeping. */
  readonly spin: boolean;
  /** Whether the worker, a process of its own, tells what it uses of the machine's memory. */
  readonly reportsMemory: boolean;
  /** By so much the worker's niceness is above that of the thread that starts it. */
  readonly niceness: number;
  readonly setup: { readonly workerIndex: number; readonly workerCount: number; readonly threads: number; readonly maxBatchSize: number; readonly niceness: number };
}

/** What a thread is started with. */
export interface ThreadStart extends WorkerStart {
  /** Memory of the lock word. */
  readonly lock: SharedArrayBuffer;
  /** The worker's end of the channel on which all messages go. */
  readonly port: MessagePort;
  /** Memory of the bell that the worker rings with each message. */
  readonly bell: SharedArrayBuffer;
}

/** A block of shared memory that holds rows; the worker keeps it by its id until told to drop it. */
export interface SharedBlock {
  readonly id: number;
  readonly capacity: number;
  readonly memory: SharedArrayBuffer;
}

/** A batch without its rows, whose way depends on what the worker is. */
export interface BatchHead {
  readonly type: "run";
  readonly batch: number;
  readonly method: string;
  readonly items: number;
  readonly layout: number;
  readonly newLayout: CallLayout | undefined;
  /** By slot of the layout: one payload per call for "joined", a single one for "shared". */
  readonly payloads: readonly (readonly Payload[])[];
  /** Where the worker finds containers that it has not been told of; undefined when there are none. */
  readonly newContainers: readonly ContainerModule[] | undefined;
  readonly requestIds: readonly string[];
  readonly traceContexts: readonly TraceContext[];
  /** When the last of the batch's callers gives up, ms since 1970; absent when one of them never does. */
  readonly deadline: number | undefined;
}

/** A batch whose rows lie in shared memory. */
export interface RunBatch extends BatchHead {
  /** Where the rows are, in order: block id, first row, number of rows, and so on. */
  readonly segments: readonly number[];
  readonly newBlocks: readonly SharedBlock[];
  readonly droppedBlocks: readonly number[];
}

/** A batch whose rows came with it. */
export interface FramedBatch extends BatchHead {
  /** Bytes of the first column, in the pieces in which they came, then those of the next one, and so on. */
  readonly rows: readonly Uint8Array[];
  /** In how many pieces each column came. */
  readonly pieces: number;
  /** In which all of the batch lies. */
  readonly memory: ArrayBuffer;
}

/** From the pool to a worker, besides batches. */
export type WorkerOrder =
  /** Nobody waits for this batch any more. */
  | { readonly type: "abort"; readonly batch: number }
  /** So many items of a stream, of so many bytes, were read: there is room for as many more. */
  | { readonly type: "taken"; readonly batch: number; readonly items: number; readonly bytes: number }
  | { readonly type: "close" };

/** From the pool to a worker. */
export type ToWorker = RunBatch | WorkerOrder;

/** From a worker to the pool. */
export type FromWorker =
  | { readonly type: "ready"; readonly facts: Readonly<Record<string, unknown>> }
  | { readonly type: "setup-failed"; readonly error: ErrorData }
  | { readonly type: "done"; readonly batch: number; readonly result: Payload }
  /** The next item of a stream. */
  | { readonly type: "item"; readonly batch: number; readonly item: Payload }
  /** A stream has no more items, or has stopped as it was told. */
  | { readonly type: "ended"; readonly batch: number }
  | { readonly type: "failed"; readonly batch: number; readonly error: ErrorData }
  /** What the worker, a process of its own, uses of the machine's memory. */
  | { readonly type: "memory"; readonly rssMb: number };
