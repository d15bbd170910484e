/**
 * The worker's side: imports the Runnable, gathers a batch's rows, runs its method. `thread-main` is a build entry of its own
 * that nobody imports; the rest is shared with the local handle and with tests.
 */
export { BatchMemory } from "./batch-memory.js";
export { ItemPump, iterableOf, type ItemPumpOptions } from "./item-pump.js";
export { loadRunnable, type RunnableInstance } from "./load-runnable.js";
export { resultPayload } from "./result-payload.js";
