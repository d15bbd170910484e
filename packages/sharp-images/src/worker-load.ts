/**
 * Of one method in a worker: while sharp decodes an image in libuv's threads, the worker fills the tensor of another. With one alone a tenth of the
 * processors' time is left over.
 */
export const CALLS_AT_ONCE = 2;

/** Images fill all cores, and the thread that calls has to get one at once for its own work, which takes microseconds. */
export const WORKER_NICENESS = 10;
