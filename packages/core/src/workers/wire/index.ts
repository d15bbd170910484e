/**
 * What crosses the border of a worker: the messages, as they are for threads and in frames for processes, the layout of rows, errors as
 * data, the lock word, the bell. Both sides import only this.
 */
export { Bell } from "./bell.js";
export { fromErrorData, toErrorData, type ErrorData } from "./error-data.js";
export { FrameReader } from "./frame-reader.js";
export { LockWord } from "./lock-word.js";
export { batchFrame, orderFrame, readFromProcess, readToProcess, replyFrame, startFrame, type FromProcess, type ToProcess } from "./message-frames.js";
export { powerOfTwoAtLeast } from "./power-of-two.js";
export { columnOffsets, makeColumn, type ArgumentLayout, type CallLayout, type Column } from "./row-layout.js";
export { STREAM_WINDOW, payloadBytes, type StreamWindow } from "./stream-window.js";
export { WarmMemory } from "./warm-memory.js";
export type { BatchHead, FramedBatch, FromWorker, RunBatch, SharedBlock, ThreadStart, ToWorker, WorkerOrder, WorkerStart } from "./worker-messages.js";
