/**
 * Where a runner's calls go: nowhere (dummy), this thread (local), workers behind the batcher, threads or processes (pool). Assembly only;
 * used by `runner`, and by `remote`, which is one more place.
 */
export { CallWatch } from "./call-watch.js";
export { DummyRunnerHandle } from "./dummy-runner-handle.js";
export { failedStream } from "./failed-stream.js";
export { ItemStream, type ItemSource } from "./item-stream.js";
export { ownResult } from "./own-result.js";
export { notSynchronous } from "./not-synchronous.js";
export { LocalRunnerRef, type LocalSource } from "./local-runner-ref.js";
export type { MethodSpec } from "./method-spec.js";
export { priorityWeight } from "./priority-weight.js";
export type { CallOptions, HandleStats, Priority, RunnerHandle } from "./runner-handle.js";
export type { BatchEvent, ShedEvent, TracedCall, WorkerChangeEvent } from "./runner-channels.js";
export { WorkerPoolHandle, type WorkerPoolHandleOptions } from "./worker-pool-handle.js";
