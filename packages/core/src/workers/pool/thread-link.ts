import { MessageChannel, Worker, receiveMessageOnPort } from "node:worker_threads";
import { LockWord, type Bell, type FromWorker, type ThreadStart, type ToWorker, type WorkerStart } from "../wire/index.js";
import { guardExit } from "./exit-guard.js";
import { threadFlags } from "./node-flags.js";
import type { LinkEvents, WorkerLink } from "./worker-link.js";

/** The entry lies beside the built file of this module. */
const ENTRY = new URL("./thread-main.js", import.meta.url);

/**
 * A worker thread. `start` is everything that it needs but the lock word and the channel, which are made here: messages go on a
 * channel of our own, since a worker's built-in one cannot be read while this thread blocks.
 */
export function threadLink(start: WorkerStart, exitWaitMs: number, events: LinkEvents, bell: Bell): WorkerLink {
  const lock = new LockWord();
  const { port1: port, port2 } = new MessageChannel();
  const worker = new Worker(ENTRY, {
    workerData: { ...start, lock: lock.memory, port: port2, bell: bell.memory } satisfies ThreadStart,
    transferList: [port2],
    ...threadFlags(),
    name: `bentoml ${start.runner} ${String(start.setup.workerIndex)}`,
  });
  const unguard = guardExit(lock, exitWaitMs);
  let failure: unknown;
  let ended = false;
  const receiveAll = (): void => {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) events.message(next.message as FromWorker);
  };
  const end = (reason: string): void => {
    if (ended) return;
    // Its last messages may still be on their way, and come before its end.
    receiveAll();
    ended = true;
    port.close();
    events.ended(reason);
  };
  port.on("message", (message: FromWorker) => events.message(message));
  port.on("messageerror", (error: unknown) => (failure = error));
  worker.on("error", (error: unknown) => (failure = error));
  worker.on("exit", (code) => {
    unguard();
    end(failure === undefined ? `it exited with code ${String(code)}` : describe(failure));
  });
  return {
    post: (message: ToWorker) => port.postMessage(message),
    pump: () => {
      // The code is looked at first: what was sent before the end is then surely here.
      const code = lock.exitCode;
      if (!ended) receiveAll();
      if (code !== undefined) end(`it exited with code ${String(code)}`);
    },
    hold: () => {
      worker.ref();
      port.ref();
    },
    release: () => {
      worker.unref();
      port.unref();
    },
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
