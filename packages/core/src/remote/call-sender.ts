import { headerOf, type HeaderRecord } from "../frames/index.js";
import { CallQueue } from "./call-queue.js";
import { CallRequest, type RequestEvents, type RequestSite } from "./call-request.js";
import type { Cancellations } from "./cancellations.js";
import type { RemoteCall } from "./remote-call.js";
import { failureOf } from "./remote-errors.js";
import type { Progress } from "./retry-rule.js";
import { RetryPause } from "./retry-pause.js";
import { MOST_CALLS_OF_A_BUNDLE, runnerHeaders } from "./runner-protocol.js";

/**
 * Sends calls over a limited number of connections. To a server that says that it takes several calls in one request, those of one method
 * that were made in one turn of the event loop, or that waited for a connection meanwhile, travel together.
 */
export class CallSender implements RequestEvents {
  readonly #site: RequestSite;
  readonly #cancellations: Cancellations;
  readonly #queue = new CallQueue();
  /** Connections that no request has. */
  #free: number;
  /** Calls in one request that the server takes, as its last answer said. */
  #mostCalls = 1;
  #flushes = false;

  constructor(site: RequestSite, cancellations: Cancellations, connections: number) {
    this.#site = site;
    this.#cancellations = cancellations;
    this.#free = connections;
  }

  /** Calls that wait for a connection. */
  get waitingCalls(): number {
    return this.#queue.calls;
  }

  /** Items of these calls. */
  get waitingItems(): number {
    return this.#queue.items;
  }

  send(call: RemoteCall): void {
    this.#queue.add(call);
    this.#flushSoon();
  }

  onHead(headers: HeaderRecord): void {
    const text = headerOf(headers, runnerHeaders.maxCalls);
    this.#mostCalls = text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Math.min(Number(text), MOST_CALLS_OF_A_BUNDLE) : 1;
  }

  onCancelled(...call: Parameters<Cancellations["add"]>): void {
    this.#cancellations.add(...call);
  }

  onRefusedInCompany(calls: readonly RemoteCall[]): void {
    for (const call of calls) {
      call.isRefusedInCompany = true;
      this.send(call);
    }
  }

  onFailed(calls: readonly RemoteCall[], progress: Progress, error: Error): void {
    // Whoever answers next may be another one.
    this.#mostCalls = 1;
    const delays = calls.map(({ retry }) => retry.delayAfter(progress, error));
    calls.forEach((call, index) => {
      if (delays[index] === undefined) call.fail(failureOf(this.#site.place, progress, error));
    });
    const again = calls.filter((_call, index) => delays[index] !== undefined);
    if (again.length === 0) return;
    // Their connection is free meanwhile: a server that is away must not hold up other calls' errors.
    new RetryPause(again, this.#site.clock, Math.max(...delays.map((delay) => delay ?? 0)), (rested) => [...rested].forEach((call) => this.send(call)));
  }

  onOver(): void {
    this.#free++;
    if (this.#queue.calls > 0) this.#flushSoon();
  }

  /** At once to a server that takes calls one by one; otherwise when this turn has shown who else comes. */
  #flushSoon(): void {
    if (this.#mostCalls === 1) return this.#flush();
    if (this.#flushes) return;
    this.#flushes = true;
    this.#site.clock.nextTurn(() => {
      this.#flushes = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#free > 0 && this.#queue.calls > 0) {
      this.#free--;
      new CallRequest(this.#queue.take(this.#mostCalls), this.#site, this).send();
    }
  }
}
