import type { CliContext } from "../cli-context.js";
import type { EventLog } from "./event-log.js";
import { StopSignals } from "./stop-signals.js";

/** What is served until a signal comes. */
export interface Served<Address extends object> {
  readonly listening: Promise<Address>;
  close(options: { readonly graceMs: number }): Promise<void>;
  /** It serves. The function that it returns is called at the end. */
  onStarted(address: Address): () => void;
}

/** Serves until the first signal, then finishes what was accepted, for at most `graceMs`. Throws what it cannot start with. */
export async function serveUntilSignal<Address extends object>(served: Served<Address>, graceMs: number, log: EventLog, context: CliContext): Promise<void> {
  const signals = new StopSignals(context);
  let onEnd: () => void = () => undefined;
  try {
    const begun = await Promise.race([served.listening, signals.first]);
    if (typeof begun === "object") onEnd = served.onStarted(begun);
    const signal = await signals.first;
    log.tell(`${signal}: no new requests; accepted ones have ${seconds(graceMs)} to finish`);
    // A server that is still starting is closed when it has started: closing it before would leave its workers behind.
    const closed = served.listening.then(() => served.close({ graceMs }));
    const isClosed = await settlesWithin(graceMs, closed);
    if (isClosed) log.tell("stopped");
    else log.warn(`calls still ran after ${seconds(graceMs)} and were given up`);
  } finally {
    onEnd();
    signals.stopListening();
  }
}

/** False when it takes longer; a rejection is passed on. */
async function settlesWithin(ms: number, promise: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

function seconds(ms: number): string {
  return `${Number((ms / 1000).toPrecision(3))} s`;
}
