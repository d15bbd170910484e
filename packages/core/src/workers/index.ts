/**
 * Models in other threads and processes. `staging` reads a call's arguments into shared memory, `pool` keeps the workers, `wire` is what
 * crosses the border, `entry` is the worker's side. Used by `handles`; the entries are build entries of their own.
 */
export { isInsideWorker } from "./inside-worker.js";
export { NO_RECYCLING, WorkerPool, processLink, threadLink, type Job, type Lane, type LinkEvents, type MakeLink, type RecyclingLimits, type StreamEvents, type WorkerEvent, type WorkerLink } from "./pool/index.js";
export { Stager, checkBatchSizes, type BatchingRule, type RowBlock, type StagedArguments } from "./staging/index.js";
export { ItemPump, iterableOf, loadRunnable, resultPayload, type RunnableInstance } from "./entry/index.js";
export { STREAM_WINDOW, fromErrorData, payloadBytes, toErrorData, type Bell, type ErrorData, type SharedBlock, type WorkerStart } from "./wire/index.js";
