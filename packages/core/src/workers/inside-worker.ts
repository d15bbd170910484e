let inside = false;

/** Called by the worker's entry before anything else is loaded. */
export function markInsideWorker(): void {
  inside = true;
}

/** True in a thread that runs a Runnable, where no runner may start workers of its own. */
export function isInsideWorker(): boolean {
  return inside;
}
