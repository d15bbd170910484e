/**
 * Calls of one method that a worker has under way: sharp decodes for one in libuv's threads while the worker fills the tensor of the
 * other. With one at a time a processor idles at each change of threads; four bring no more than two, and the main thread waits longer.
 */
export const CALLS_AT_A_TIME = 2;
