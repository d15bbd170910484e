/** Takes back a timer; calling it after the timer fired does nothing. */
export type CancelTimer = () => void;

/**
 * The one way in for time. Everything below reads and waits through it, so that tests and the simulator run the very same
 * code on virtual time. All times are milliseconds on a monotonic scale with an arbitrary origin, never wall-clock time.
 */
export interface Clock {
  /** Now, in ms, with sub-millisecond resolution. */
  now(): number;
  /**
   * Calls `callback` once at `time` (ms, same scale as `now`), or in the next turn if it has passed. A timer in the background
   * does not keep the process alive.
   */
  at(time: number, callback: () => void, background?: boolean): CancelTimer;
  /** Wall-clock time, ms since 1970: only for what leaves this thread, such as a deadline that a worker is told. */
  wallTime(): number;
  /** Calls `callback` once everything that is already queued in this turn of the event loop has been seen. */
  nextTurn(callback: () => void): void;
}
