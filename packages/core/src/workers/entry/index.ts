/**
 * The worker's side: imports the Runnable, gathers a batch's rows, runs its method. `thread-main` and `process-main` are build entries
 * of their own that nobody imports; the rest is shared with the local handle and with tests.
 */
export { BatchArguments } from "./batch-arguments.js";
export { FramedRows } from "./framed-rows.js";
export { ItemPump, iterableOf, type ItemPumpOptions } from "./item-pump.js";
export { loadRunnable, type RunnableInstance } from "./load-runnable.js";
export { resultPayload } from "./result-payload.js";
export { SharedRows } from "./shared-rows.js";
