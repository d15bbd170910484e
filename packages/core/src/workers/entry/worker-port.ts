import type { BatchHead, FromWorker, WorkerOrder } from "../wire/index.js";

/** A worker's line to its pool, whatever it is made of. */
export interface WorkerPort<Batch extends BatchHead> {
  /** From now on orders and batches go there, in order. */
  listen(receive: (message: Batch | WorkerOrder) => void): void;
  /** Buffers for which `mustStay` says so, or that lie in a larger memory, are copied; others may be given away. */
  send(message: FromWorker, mustStay?: (memory: ArrayBufferLike) => boolean): void;
  /** The worker is to end: what it still runs does not keep it alive. */
  release(): void;
  /** It has nothing more to do or to say; what was sent still arrives. */
  close(): void;
}

/** Says whether code of the Runnable may run. Where a worker can be ended at any moment there is nothing to guard. */
export interface RunGuard {
  /** False: nothing may run any more. */
  tryEnter(): boolean;
  leave(): void;
  /** Nothing will run any more. */
  seal(): void;
}
