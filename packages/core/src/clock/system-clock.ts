import type { CancelTimer, Clock } from "./clock.js";

/** `setTimeout` fires up to 1.2 ms late, so the last stretch before a due time is bridged turn by turn instead. */
const TURN_BY_TURN_MS = 2;
const TIMER_LATENESS_MS = 1;
/** Longest delay that `setTimeout` takes; longer ones fire at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** Real time: `performance.now()`, `setTimeout` for the bulk of a wait and `setImmediate` for its last 2 ms. */
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
    const step = (): void => {
      if (performance.now() >= time) callback();
      else schedule();
    };
    const schedule = (): void => {
      const left = time - performance.now();
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
