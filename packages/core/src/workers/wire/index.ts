/** What crosses the border of a worker: the messages, the layout of rows, errors as data, the lock word. Both sides import only this. */
export { fromErrorData, toErrorData, type ErrorData } from "./error-data.js";
export { LockWord } from "./lock-word.js";
export { columnOffsets, makeColumn, type ArgumentLayout, type CallLayout, type Column } from "./row-layout.js";
export type { FromWorker, RunBatch, SharedBlock, ToWorker, WorkerStart } from "./worker-messages.js";
