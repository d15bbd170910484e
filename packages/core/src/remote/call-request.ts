import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import type { Clock } from "../clock/index.js";
import type { Params, Payload } from "../containers/index.js";
import { encodeBundle, type HeaderRecord } from "../frames/index.js";
import { answerReader, type AnswerReader } from "./answer-reader.js";
import type { CancelledCall } from "./cancellations.js";
import type { CallPlace, RemoteCall } from "./remote-call.js";
import type { RemotePlace } from "./remote-errors.js";
import { wholeMs, type RequestHeaders } from "./request-headers.js";
import type { Progress } from "./retry-rule.js";
import { methodPath } from "./runner-protocol.js";
import type { Exchange, ExchangeEvents, OutgoingRequest, Transport } from "./transport.js";

/** What all requests of a client share. */
export interface RequestSite {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly place: RemotePlace;
  readonly headers: RequestHeaders;
  readonly pathPrefix: string;
}

/** Told of a request. */
export interface RequestEvents {
  /** The head of an answer, of whoever answers. */
  onHead(headers: HeaderRecord): void;
  /** Calls that were refused because they travelled together: they surely did not run. */
  onRefusedInCompany(calls: readonly RemoteCall[]): void;
  onFailed(calls: readonly RemoteCall[], progress: Progress, error: Error): void;
  /** Of the calls in one request only some are given up. */
  onCancelled(call: CancelledCall): void;
  /** Its connection is free, or closed. Is called once. */
  onOver(): void;
}

/** One request with one call, or with several that travel together. */
export class CallRequest implements ExchangeEvents, CallPlace {
  readonly #calls: readonly RemoteCall[];
  readonly #site: RequestSite;
  readonly #events: RequestEvents;
  readonly #path: string;
  /** Of a request with several calls. */
  readonly #bundle: string | undefined;
  #progress: Progress = "connecting";
  #reader: AnswerReader | undefined;
  #exchange: Exchange | undefined;
  #hasCancelled = false;
  #isOver = false;

  constructor(calls: readonly RemoteCall[], site: RequestSite, events: RequestEvents) {
    this.#calls = calls;
    this.#site = site;
    this.#events = events;
    this.#path = site.pathPrefix + methodPath((calls[0] as RemoteCall).method.name);
    this.#bundle = calls.length > 1 ? randomUUID() : undefined;
    for (const call of calls) call.place = this;
  }

  send(): void {
    try {
      this.#exchange = this.#site.transport.send(this.#request(), this);
    } catch (error) {
      for (const call of this.#awaited()) call.fail(error);
      this.#over();
    }
  }

  leave(call: RemoteCall): void {
    if (this.#isOver) return;
    if (this.#bundle === undefined || !this.#isAwaited()) return this.#abort();
    this.#hasCancelled = true;
    this.#events.onCancelled({ path: this.#path, bundle: this.#bundle, call: this.#calls.indexOf(call), isOver: () => this.#isOver });
  }

  sent(): void {
    this.#progress = "sent";
  }

  answered(status: number, headers: HeaderRecord): void {
    this.#progress = "answered";
    this.#events.onHead(headers);
    this.#reader = answerReader({ status, headers }, this.#calls, this, this.#site.place);
  }

  arrived(chunk: Uint8Array): void {
    try {
      (this.#reader as AnswerReader).arrived(chunk);
      if (this.#hasCancelled && !this.#isAwaited()) this.#endSoon();
    } catch (error) {
      for (const call of this.#awaited()) call.fail(error);
      this.#abort();
    }
  }

  ended(): void {
    this.#over();
    const reader = this.#reader as AnswerReader;
    const calls = this.#awaited();
    if (reader.isRefusalOfCompany) return this.#events.onRefusedInCompany(calls);
    for (const call of calls) call.settle(() => reader.outcome());
  }

  failed(error: Error): void {
    this.#over();
    const calls = this.#awaited();
    if (calls.length > 0) this.#events.onFailed(calls, this.#progress, error);
  }

  /** All that were wanted have come. The server ends the answer when it has heard which ones were not; one that has not heard is left. */
  #endSoon(): void {
    this.#site.clock.nextTurn(() => {
      if (!this.#isOver) this.#abort();
    });
  }

  #abort(): void {
    this.#exchange?.abort();
    this.#over();
  }

  #over(): void {
    this.#isOver = true;
    this.#exchange = undefined;
    this.#events.onOver();
  }

  /** Calls that were neither answered nor given up. */
  #awaited(): RemoteCall[] {
    return this.#calls.filter((call) => call.place === this);
  }

  #isAwaited(): boolean {
    return this.#calls.some((call) => call.place === this);
  }

  #request(): OutgoingRequest {
    const { headers, clock } = this.#site;
    const now = clock.now();
    const [first] = this.#calls as [RemoteCall];
    if (this.#bundle === undefined) {
      const { message } = first.outgoing;
      return { method: "POST", path: this.#path, headers: headers.ofCall(message.headers, first.marks, first.givesUpAt - now), body: message.body };
    }
    const parts = encodeBundle(
      this.#calls.map(({ outgoing, marks: { priority, requestId, traceparent, tracestate }, givesUpAt }) => ({
        marks: { timeoutMs: wholeMs(givesUpAt - now), priority, requestId, traceparent, tracestate },
        call: outgoing.payloads as Params<Payload>,
      })),
    );
    return { method: "POST", path: this.#path, headers: headers.ofBundle(this.#bundle, this.#calls.length), body: Buffer.concat(parts) };
  }
}
