import { DeadlineExceededError } from "bentoml-core";
import type { Connection } from "./connection.js";
import { clientHasGone } from "./server-errors.js";

/** The signal of one call: aborted when its client goes, and when its time is over unless that was stopped before. */
export class TimedSignal {
  readonly #controller: AbortController = new AbortController();
  readonly #connection: Connection;
  readonly #timer: NodeJS.Timeout;
  readonly #clientHasGone: () => void = () => this.#controller.abort(clientHasGone());

  constructor(connection: Connection, timeoutMs: number) {
    this.#connection = connection;
    this.#timer = setTimeout(() => this.#controller.abort(new DeadlineExceededError(`the call was not answered within ${timeoutMs} ms`)), timeoutMs);
    if (connection.isClosed) this.#clientHasGone();
    else connection.signal.addEventListener("abort", this.#clientHasGone, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** From now on the call may take as long as the client stays. */
  stopTime(): void {
    clearTimeout(this.#timer);
  }

  /** To be called once, at the end. */
  end(): void {
    this.stopTime();
    this.#connection.signal.removeEventListener("abort", this.#clientHasGone);
  }
}
