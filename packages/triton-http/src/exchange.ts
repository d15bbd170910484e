import { DeadlineExceededError, type BentoMLError } from "bentoml-core";
import type { Dispatcher } from "undici";
import { BodyBytes } from "./body-bytes.js";
import { RetryRule, type Progress } from "./retry-rule.js";
import { connectionLost, isNotSendable, notSendable, unreachable, type Place } from "./server-errors.js";

export type HeaderRecord = Readonly<Record<string, string | string[] | undefined>>;

/** A request as it goes out. */
export interface OutgoingRequest {
  readonly method: "GET" | "POST";
  /** With prefix and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string | null;
  readonly place: Place;
  /** Whether it may be run twice. */
  readonly isIdempotent: boolean;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** A whole answer, of whatever status. */
export interface Reply {
  readonly status: number;
  readonly headers: HeaderRecord;
  readonly body: Uint8Array;
}

/** Longest timer that Node takes; a longer limit is none. */
export const MOST_TIMER_MS = 2 ** 31 - 1;

/** One request until its answer is whole: sent again where that is safe, given up by its signal or its deadline. Settles once. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly reply: Promise<Reply>;
  readonly #onAbort = (): void => this.#giveUp(this.request.signal?.reason);
  #resolve: (reply: Reply) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #isSettled = false;
  #progress: Progress = "connecting";
  #controller: Dispatcher.DispatchController | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #pause: NodeJS.Timeout | undefined;
  #rule: RetryRule | undefined;
  #status = 0;
  #headers: HeaderRecord = {};
  #body: BodyBytes | undefined;

  constructor(
    private readonly request: OutgoingRequest,
    private readonly dispatcher: Pick<Dispatcher, "dispatch">,
    private readonly retries: number,
  ) {
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  begin(): void {
    const { signal, timeoutMs } = this.request;
    if (signal?.aborted === true) return this.#giveUp(signal.reason);
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (timeoutMs <= MOST_TIMER_MS) this.#deadline = setTimeout(() => this.#giveUp(lateError(this.request)), timeoutMs);
    this.#send();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isSettled) controller.abort(new Error("The call was given up."));
    else this.#progress = "sent";
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: HeaderRecord): void {
    // 103 and its kind come before the answer.
    if (status < 200) return;
    this.#progress = "answered";
    this.#status = status;
    this.#headers = headers;
    this.#body = new BodyBytes(headers["content-length"]);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#body?.add(chunk);
  }

  onResponseEnd(): void {
    if (this.#settle()) this.#resolve({ status: this.#status, headers: this.#headers, body: this.#body?.bytes() ?? new Uint8Array() });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#isSettled) return;
    if (isNotSendable(error)) return this.#giveUp(notSendable(this.request.place, error));
    this.#rule ??= new RetryRule(this.retries, this.request.isIdempotent);
    const delay = this.#rule.delayAfter(this.#progress);
    if (delay !== undefined) {
      this.#pause = setTimeout(() => this.#send(), delay);
      return;
    }
    this.#settle();
    this.#reject(connectionError(this.#progress, this.request.place, error));
  }

  #send(): void {
    this.#progress = "connecting";
    this.#controller = undefined;
    const { method, path, headers, body } = this.request;
    try {
      this.dispatcher.dispatch({ method, path, headers, body }, this);
    } catch (error) {
      this.#giveUp(isNotSendable(error) ? notSendable(this.request.place, error) : error);
    }
  }

  #giveUp(reason: unknown): void {
    if (!this.#settle()) return;
    this.#reject(reason);
    this.#controller?.abort(new Error("The call was given up."));
  }

  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    clearTimeout(this.#deadline);
    clearTimeout(this.#pause);
    this.request.signal?.removeEventListener("abort", this.#onAbort);
    return true;
  }
}

export function lateError({ place, timeoutMs }: Pick<OutgoingRequest, "place" | "timeoutMs">): DeadlineExceededError {
  return new DeadlineExceededError(`${place.method} ${place.origin}${place.path} was not answered within timeoutMs ${timeoutMs}.`);
}

function connectionError(progress: Progress, place: Place, error: Error): BentoMLError {
  return progress === "connecting" ? unreachable(place, error) : connectionLost(place, error);
}
