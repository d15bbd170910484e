import type { ServableRunner } from "./served-model.js";

/** A runner that a server starts and ends. */
export type OwnedRunner = Pick<ServableRunner, "init" | "destroy" | "runnerHandleIsReady">;

/** Starts a runner. One that already runs in another way (in this thread, on another host) needs no start. */
export async function startRunner(runner: OwnedRunner): Promise<void> {
  try {
    await runner.init();
  } catch (error) {
    const isRunning = await runner.runnerHandleIsReady().catch(() => false);
    if (!isRunning) throw error;
  }
}
