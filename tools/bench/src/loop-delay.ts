import { monitorEventLoopDelay } from "node:perf_hooks";

/** p99 in ms of how late the event loop gets to a timer of 1 ms, while that goes on. */
export async function loopDelayDuring(activity: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await activity();
  delay.disable();
  return delay.percentile(99) / 1e6;
}

/** The same while nothing goes on. */
export function idleLoopDelay(seconds: number): Promise<number> {
  return loopDelayDuring(() => new Promise((resolve) => setTimeout(resolve, seconds * 1000)));
}
