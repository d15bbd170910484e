/**
 * Time: the `Clock` interface, the real clock and the virtual one for tests and simulation. Every room may use it, it uses
 * none. Elsewhere in core `Date.now`, `performance.now`, `setTimeout` and `setImmediate` are lint errors.
 */
export type { CancelTimer, Clock } from "./clock.js";
export { SystemClock, systemClock } from "./system-clock.js";
export { VirtualClock } from "./virtual-clock.js";
