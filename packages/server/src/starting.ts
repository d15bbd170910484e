import type { ServableRunner } from "./served-model.js";

/** Starts a runner that a server owns. One that already runs in another way (in this thread, on another host) needs no start. */
export async function startRunner(runner: Pick<ServableRunner, "init" | "runnerHandleIsReady">): Promise<void> {
  try {
    await runner.init();
  } catch (error) {
    const isRunning = await runner.runnerHandleIsReady().catch(() => false);
    if (!isRunning) throw error;
  }
}
