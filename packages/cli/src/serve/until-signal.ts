import type { CliContext } from "../cli-context.js";
import type { EventLog } from "./event-log.js";
import { StopSignals } from "./stop-signals.js";

/** What is served until a signal comes. */
export interface Served<Address extends object> {
  readonly listening: Promise<Address>;
  close(options: { readonly graceMs: number; readonly drainMs: number }): Promise<void>;
  /** It serves. The function that it returns is called at the end. */
  onStarted(address: Address): () => void;
}

/** How it ends after the first signal. */
export interface Ending {
  /** All of it takes so long at most. */
  readonly gracefulTimeoutMs: number;
  /** It goes on for so long, not ready, before it takes nothing new. */
  readonly drainMs: number;
}

/** Serves until the first signal, then finishes what was accepted. Throws what it cannot start with. */
export async function serveUntilSignal<Address extends object>(served: Served<Address>, { gracefulTimeoutMs: graceMs, drainMs }: Ending, log: EventLog, context: CliContext): Promise<void> {
  const signals = new StopSignals(context);
  let onEnd: () => void = () => undefined;
  try {
    const begun = await Promise.race([served.listening, signals.first]);
    if (typeof begun === "object") onEnd = served.onStarted(begun);
    const signal = await signals.first;
    const until = drainMs === 0 ? "no new requests" : `not ready, no new requests in ${seconds(drainMs)}`;
    log.tell(`${signal}: ${until}; accepted ones have ${seconds(graceMs)} to finish`);
    // A server that is still starting is closed when it has started: closing it before would leave its workers behind.
    const closed = served.listening.then(() => served.close({ graceMs, drainMs }));
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
