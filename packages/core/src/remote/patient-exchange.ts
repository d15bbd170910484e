import type { CancelTimer, Clock } from "../clock/index.js";
import type { HeaderRecord } from "../frames/index.js";
import { failureOf, type RemotePlace } from "./remote-errors.js";
import { RetryRule, type Progress, type RetrySetting } from "./retry-rule.js";
import type { Exchange, ExchangeEvents, OutgoingRequest, Transport } from "./transport.js";

export interface PatientExchangeOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly place: RemotePlace;
  readonly retry: RetrySetting;
  /** The request; made anew for each attempt, since its headers say how much time is left. */
  readonly request: () => OutgoingRequest;
}

/** Told of the answer. What fails is told once, as the error that the caller gets. */
export interface AnswerReceiver {
  answered(status: number, headers: HeaderRecord): void;
  arrived(chunk: Uint8Array): void;
  ended(): void;
  failed(error: Error): void;
}

/** A request that is sent again where that is safe. `sending → (resting → sending)* → over`. */
export class PatientExchange implements ExchangeEvents {
  readonly #options: PatientExchangeOptions;
  readonly #receiver: AnswerReceiver;
  readonly #rule: RetryRule;
  #progress: Progress = "connecting";
  #exchange: Exchange | undefined;
  #cancelDelay: CancelTimer | undefined;

  constructor(options: PatientExchangeOptions, receiver: AnswerReceiver) {
    this.#options = options;
    this.#receiver = receiver;
    this.#rule = new RetryRule(options.retry);
  }

  begin(): void {
    const { transport, request } = this.#options;
    this.#progress = "connecting";
    this.#exchange = transport.send(request(), this);
  }

  /** Nobody wants the answer any more: the connection is closed. */
  abort(): void {
    this.#cancelDelay?.();
    this.#exchange?.abort();
  }

  pause(): void {
    this.#exchange?.pause();
  }

  resume(): void {
    this.#exchange?.resume();
  }

  sent(): void {
    this.#progress = "sent";
  }

  answered(status: number, headers: HeaderRecord): void {
    this.#progress = "answered";
    this.#receiver.answered(status, headers);
  }

  arrived(chunk: Uint8Array): void {
    this.#receiver.arrived(chunk);
  }

  ended(): void {
    this.#exchange = undefined;
    this.#receiver.ended();
  }

  failed(error: Error): void {
    const { place, clock } = this.#options;
    const progress = this.#progress;
    this.#exchange = undefined;
    const delay = this.#rule.delayAfter(progress, error);
    if (delay === undefined) this.#receiver.failed(failureOf(place, progress, error));
    else this.#cancelDelay = clock.at(clock.now() + delay, () => this.begin());
  }
}
