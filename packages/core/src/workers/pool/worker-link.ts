import type { Bell, FromWorker, ToWorker } from "../wire/index.js";

/** What a link tells its slot. `ended` comes exactly once, after which nothing else comes. */
export interface LinkEvents {
  message(message: FromWorker): void;
  ended(reason: string): void;
}

/** A running worker as the pool sees it, whatever it is made of. */
export interface WorkerLink {
  post(message: ToWorker): void;
  /** Tells what has come, and an end of the worker, without a turn of the event loop: for a thread that blocks. */
  pump(): void;
  /** While held, the worker keeps the process alive. */
  hold(): void;
  release(): void;
  /** Ends the worker now, without a goodbye. False when it is in the middle of a native run that must not be cut. */
  tryEnd(): boolean;
}

/** `bell` is rung with every message from the worker, and when it ends by itself. */
export type MakeLink = (workerIndex: number, events: LinkEvents, bell: Bell) => WorkerLink;
