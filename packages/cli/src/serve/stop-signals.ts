import type { CliContext, StopSignal } from "../cli-context.js";

/** What a shell reports for a process that a signal ended: 128 and the signal's number. */
const exitCodes: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 };

/** The first signal asks to stop, the second ends the process at once. */
export class StopSignals {
  /** Resolves with the first signal; never rejects. */
  readonly first: Promise<StopSignal>;
  readonly stopListening: () => void;

  constructor({ onSignal, exitNow }: Pick<CliContext, "onSignal" | "exitNow">) {
    let tellFirst: ((signal: StopSignal) => void) | undefined;
    this.first = new Promise((resolve) => {
      tellFirst = resolve;
    });
    this.stopListening = onSignal((signal) => {
      if (tellFirst === undefined) {
        exitNow(exitCodes[signal]);
        return;
      }
      tellFirst(signal);
      tellFirst = undefined;
    });
  }
}
