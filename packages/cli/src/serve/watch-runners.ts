import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { BatchEvent, ShedEvent, WorkerChangeEvent } from "bentoml-core";
import type { EventLog } from "./event-log.js";
import { Summaries } from "./summaries.js";

/** At most one line in so many ms about each kind of trouble: an overloaded server must not drown its log as well. */
const SUMMARY_MS = 5_000;

const reasons: Readonly<Record<string, string>> = {
  full: "the queue is full",
  late: "they would have been late",
  closing: "the runner is closing",
};

/** Tells the log about workers that die and calls that are refused or fail. Returns what ends it. */
export function watchRunners(log: EventLog): () => void {
  const summaries = new Summaries(SUMMARY_MS, (text) => log.warn(text));
  const onWorker = (message: unknown): void => {
    const { runner, workerIndex, event, reason } = message as WorkerChangeEvent;
    const why = reason === undefined ? "" : `: ${reason}`;
    if (event === "crashed") log.warn(`${runner}: worker ${workerIndex} died and is started again${why}`);
    if (event === "failed") log.warn(`${runner}: worker ${workerIndex} cannot be kept running${why}`);
    if (event === "ready") log.tell(`${runner}: worker ${workerIndex} is ready again`);
  };
  const onShed = (message: unknown): void => {
    const { runner, reason } = message as ShedEvent;
    summaries.count(`${runner}: refused calls because ${reasons[reason] ?? reason}`);
  };
  const onBatch = (message: unknown): void => {
    const { runner, outcome } = message as BatchEvent;
    if (outcome !== "ok") summaries.count(`${runner}: a batch ${outcome}`);
  };
  const listeners = { "bentoml:worker": onWorker, "bentoml:shed": onShed, "bentoml:batch": onBatch };
  for (const [channel, listener] of Object.entries(listeners)) subscribe(channel, listener);
  return () => {
    for (const [channel, listener] of Object.entries(listeners)) unsubscribe(channel, listener);
    summaries.end();
  };
}
