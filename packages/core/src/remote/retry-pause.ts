import type { CancelTimer, Clock } from "../clock/index.js";
import type { CallPlace, RemoteCall } from "./remote-call.js";

/** Calls that rest before they are sent again. */
export class RetryPause implements CallPlace {
  readonly #calls: Set<RemoteCall>;
  readonly #cancel: CancelTimer;

  /** @param onEnd gets those that are still wanted, after `delayMs`. */
  constructor(calls: readonly RemoteCall[], clock: Clock, delayMs: number, onEnd: (calls: Iterable<RemoteCall>) => void) {
    this.#calls = new Set(calls);
    for (const call of calls) call.place = this;
    this.#cancel = clock.at(clock.now() + delayMs, () => onEnd(this.#calls));
  }

  leave(call: RemoteCall): void {
    this.#calls.delete(call);
    if (this.#calls.size === 0) this.#cancel();
  }
}
