import { Worker } from "node:worker_threads";
import { LockWord, type FromWorker, type ToWorker, type WorkerStart } from "../wire/index.js";
import { guardExit } from "./exit-guard.js";
import type { LinkEvents, WorkerLink } from "./worker-link.js";

/** Flags of the main script that a worker thread refuses or must not repeat. */
const FLAGS_FOR_MAIN_ONLY = /^(--input-type|--eval|-e$|-p$|--print|--inspect|--test)/;

/** The entry lies beside the built file of this module. */
const ENTRY = new URL("./thread-main.js", import.meta.url);

/** A worker thread. `start` is everything that it needs but the lock word, which is made here. */
export function threadLink(start: Omit<WorkerStart, "lock">, exitWaitMs: number, events: LinkEvents): WorkerLink {
  const lock = new LockWord();
  const worker = new Worker(ENTRY, {
    workerData: { ...start, lock: lock.memory } satisfies WorkerStart,
    execArgv: process.execArgv.filter((flag) => !FLAGS_FOR_MAIN_ONLY.test(flag)),
    name: `bentoml ${start.runner} ${String(start.setup.workerIndex)}`,
  });
  const unguard = guardExit(lock, exitWaitMs);
  let failure: unknown;
  worker.on("message", (message: FromWorker) => events.message(message));
  worker.on("error", (error: unknown) => (failure = error));
  worker.on("messageerror", (error: unknown) => (failure = error));
  worker.on("exit", (code) => {
    unguard();
    events.ended(failure === undefined ? `it exited with code ${String(code)}` : describe(failure));
  });
  return {
    post: (message: ToWorker) => worker.postMessage(message),
    hold: () => worker.ref(),
    release: () => worker.unref(),
    tryEnd: () => {
      if (!lock.tryClose()) return false;
      void worker.terminate();
      return true;
    },
  };
}

function describe(failure: unknown): string {
  return failure instanceof Error ? `it threw ${failure.name}: ${failure.message}` : `it threw ${String(failure)}`;
}
