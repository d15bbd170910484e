import type { CancelTimer, Clock } from "./clock.js";

/** `setTimeout` fires up to 1.2 ms late, so the last stretch before a due time is bridged turn by turn instead. */
const TURN_BY_TURN_MS = 2;
const TIMER_LATENESS_MS = 1;
/** A turn that took less, ms, has done nothing: nobody came. Reading one request takes longer. */
const IDLE_TURN_MS = 0.03;
/** How long the thread sleeps after such a turn, ms; the kernel adds as much. */
const NAP_MS = 0.05;
/** Nobody writes it. */
const NEVER = /* @__PURE__ */ new Int32Array(/* @__PURE__ */ new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
/** Longest delay that `setTimeout` takes; longer ones fire at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Real time: `performance.now()`, `setTimeout` for the bulk of a wait and `setImmediate` for its last 2 ms, with naps between turns in which nothing
 * happened: what is waited for may be somebody who needs this core to come.
 */
export class SystemClock implements Clock {
  now(): number {
    return performance.now();
  }

  wallTime(): number {
    return Date.now();
  }

  at(time: number, callback: () => void, background = false): CancelTimer {
    let timer: NodeJS.Timeout | undefined;
    let immediate: NodeJS.Immediate | undefined;
    let lookedAt = -Infinity;
    const step = (): void => {
      const now = performance.now();
      if (now >= time) return callback();
      if (now - lookedAt < IDLE_TURN_MS && time - now > 2 * NAP_MS) Atomics.wait(NEVER, 0, 0, NAP_MS);
      schedule();
    };
    const schedule = (): void => {
      lookedAt = performance.now();
      const left = time - lookedAt;
      // In the background it is a timer to the end: the event loop goes to sleep in spite of an immediate that does not hold it.
      if (background || left > TURN_BY_TURN_MS) timer = setTimeout(step, Math.min(Math.max(left - TIMER_LATENESS_MS, 1), LONGEST_TIMEOUT_MS));
      else immediate = setImmediate(step);
      if (background) timer?.unref();
    };
    schedule();
    return () => {
      clearTimeout(timer);
      clearImmediate(immediate);
    };
  }

  nextTurn(callback: () => void): void {
    setImmediate(callback);
  }
}

export const systemClock: Clock = new SystemClock();
