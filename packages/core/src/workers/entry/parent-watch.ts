import { Worker } from "node:worker_threads";

/** How soon a busy worker follows its parent, ms. */
const LOOK_EVERY_MS = 1_000;

/** An orphan gets another parent. Written out, since it is no module that could be loaded. */
const WATCH = `
  const { workerData } = require("node:worker_threads");
  setInterval(() => {
    if (process.ppid !== workerData.parent) process.kill(process.pid, "SIGKILL");
  }, workerData.lookEveryMs);
`;

/**
 * Kills this process when its parent has died. The line to the parent tells it sooner, but is not heard during a native run, which may
 * hang: so a small thread looks from time to time.
 */
export function dieWithParent(): void {
  const watch = new Worker(WATCH, {
    eval: true,
    workerData: { parent: process.ppid, lookEveryMs: LOOK_EVERY_MS },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
    name: "bentoml parent watch",
  });
  // Without it only the hung orphan is lost: no reason to die.
  watch.on("error", () => undefined);
  watch.unref();
}
