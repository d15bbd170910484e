/** The workers themselves: slots, their life cycle, restarts, safe ends. Used by `handles`; knows no calls and no queue. */
export { threadLink } from "./thread-link.js";
export type { LinkEvents, MakeLink, WorkerLink } from "./worker-link.js";
export { WorkerPool, type WorkerEvent, type WorkerPoolOptions } from "./worker-pool.js";
export type { Job, StreamEvents } from "./worker-slot.js";
