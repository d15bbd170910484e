import { constants, getPriority, setPriority } from "node:os";

/** What is run here. */
type Unit = "thread" | "process";

/**
 * Lowers the priority of this worker, and of all threads that it starts from now on, as the engine's: it is to give way to the threads that
 * take requests and hand out its answers, where there are fewer cores than would run. Linux has a niceness for each thread. Elsewhere a
 * thread's is that of its whole process, which is left as it is.
 *
 * @param steps By so much the niceness is raised: 0 changes nothing, 19 is the most.
 */
export function giveWay(unit: Unit, steps: number, platform: NodeJS.Platform = process.platform): void {
  if (steps === 0 || (unit === "thread" && platform !== "linux")) return;
  try {
    setPriority(0, Math.min(getPriority(0) + steps, constants.priority.PRIORITY_LOW));
  } catch {
    // A sandbox may forbid it. The worker answers the same.
  }
}
