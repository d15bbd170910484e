/** The workers themselves: slots, their life cycle, restarts, safe ends. Used by `handles`; knows no calls and no queue. */
export { processLink } from "./process-link.js";
export { RowSender } from "./row-sender.js";
export { threadLink } from "./thread-link.js";
export type { LinkEvents, MakeLink, WorkerLink } from "./worker-link.js";
export { WorkerPool, type WorkerEvent, type WorkerPoolOptions } from "./worker-pool.js";
export type { Job, Lane, StreamEvents } from "./job.js";
export { NO_RECYCLING, type RecyclingLimits } from "./recycling.js";
