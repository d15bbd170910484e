import { sharedPart } from "../copies/index.js";

/** A Runnable may import another copy of this package than the one that runs it: both must know. */
function place(): { isWorker: boolean } {
  return sharedPart("place", () => ({ isWorker: false }));
}

/** Called by the worker's entry before anything else is loaded. */
export function markInsideWorker(): void {
  place().isWorker = true;
}

/** True in a thread that runs a Runnable, where no runner may start workers of its own. */
export function isInsideWorker(): boolean {
  return place().isWorker;
}
