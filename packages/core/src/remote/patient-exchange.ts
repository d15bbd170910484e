import type { CancelTimer, Clock } from "../clock/index.js";
import type { HeaderRecord } from "../frames/index.js";
import type { ConnectionSlots } from "./connection-slots.js";
import { connectionLost, unreachable, type RemotePlace } from "./remote-errors.js";
import { RetryRule, type Progress, type RetrySetting } from "./retry-rule.js";
import type { Exchange, ExchangeEvents, OutgoingRequest, Transport } from "./transport.js";

export interface PatientExchangeOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly place: RemotePlace;
  readonly retry: RetrySetting;
  /** Where it waits for its turn; undefined for a request that never waits. */
  readonly slots: ConnectionSlots | undefined;
  /** Items of the call, for counts of what waits. */
  readonly items: number;
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

/** A request that waits for its turn, and is sent again where that is safe. `idle → (waiting → sending)* → over`. */
export class PatientExchange implements ExchangeEvents {
  readonly #options: PatientExchangeOptions;
  readonly #receiver: AnswerReceiver;
  readonly #rule: RetryRule;
  readonly #attempt = (): void => this.#send();
  #state: "idle" | "waiting" | "sending" | "over" = "idle";
  #progress: Progress = "connecting";
  #exchange: Exchange | undefined;
  #cancelDelay: CancelTimer | undefined;

  constructor(options: PatientExchangeOptions, receiver: AnswerReceiver) {
    this.#options = options;
    this.#receiver = receiver;
    this.#rule = new RetryRule(options.retry);
  }

  begin(): void {
    this.#state = "waiting";
    const { slots, items } = this.#options;
    if (slots === undefined) this.#send();
    else slots.take(this.#attempt, items);
  }

  /** Nobody wants the answer any more: the request leaves the queue, or its connection is closed. */
  abort(): void {
    const { slots } = this.#options;
    this.#cancelDelay?.();
    if (this.#state === "waiting") slots?.leave(this.#attempt);
    const wasSending = this.#state === "sending";
    this.#state = "over";
    if (!wasSending) return;
    this.#exchange?.abort();
    slots?.release();
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
    this.#finish("over");
    this.#receiver.ended();
  }

  failed(error: Error): void {
    const { place, clock } = this.#options;
    const progress = this.#progress;
    const delay = this.#rule.delayAfter(progress, error);
    if (delay !== undefined) {
      this.#finish("waiting");
      // The slot is free meanwhile: a server that is away must not hold up other calls' errors.
      this.#cancelDelay = clock.at(clock.now() + delay, () => this.begin());
      return;
    }
    this.#finish("over");
    this.#receiver.failed(progress === "connecting" ? unreachable(place, error) : connectionLost(place, error));
  }

  #send(): void {
    const { transport, request } = this.#options;
    this.#state = "sending";
    this.#progress = "connecting";
    this.#exchange = transport.send(request(), this);
  }

  #finish(state: "waiting" | "over"): void {
    this.#state = state;
    this.#exchange = undefined;
    this.#options.slots?.release();
  }
}
