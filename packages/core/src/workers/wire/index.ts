/** What crosses the border of a worker: the messages, the layout of rows, errors as data, the lock word, the bell. Both sides import only this. */
export { Bell } from "./bell.js";
export { fromErrorData, toErrorData, type ErrorData } from "./error-data.js";
export { LockWord } from "./lock-word.js";
export { columnOffsets, makeColumn, type ArgumentLayout, type CallLayout, type Column } from "./row-layout.js";
export { STREAM_WINDOW, payloadBytes, type StreamWindow } from "./stream-window.js";
export type { FromWorker, RunBatch, SharedBlock, ToWorker, WorkerStart } from "./worker-messages.js";
