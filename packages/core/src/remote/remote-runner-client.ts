import { ServiceUnavailableError, StateError } from "../errors/index.js";
import { systemClock, type CancelTimer, type Clock } from "../clock/index.js";
import { LinkedList } from "../calls/index.js";
import type { Params } from "../containers/index.js";
import { CallWatch, type CallOptions, type HandleStats, type MethodSpec, type RunnerHandle } from "../handles/index.js";
import { CallSender } from "./call-sender.js";
import { Cancellations } from "./cancellations.js";
import { outgoingCall, type OutgoingCall } from "./outgoing-call.js";
import type { PatientExchangeOptions } from "./patient-exchange.js";
import { PoolTransport } from "./pool-transport.js";
import { probe } from "./readiness-probe.js";
import { RemoteCall } from "./remote-call.js";
import type { RemotePlace } from "./remote-errors.js";
import { resolveRemoteOptions, type RemoteRunnerOptions, type ResolvedRemoteOptions } from "./remote-runner-options.js";
import { RemoteStream } from "./remote-stream.js";
import { RequestHeaders, marksOf } from "./request-headers.js";
import { RetryRule, type RetrySetting } from "./retry-rule.js";
import { methodPath } from "./runner-protocol.js";
import type { Transport } from "./transport.js";

/** A call or a stream that can be given up. */
type GiveUp = (error: unknown) => void;

/**
 * Sends the calls of a runner to a runner server, over TCP or a Unix socket: `await runner.initClient({ url })`. Arguments are prepared and
 * checked here as for any other handle; batching and the model are the server's. It has no `runMethodSync`: an answer that comes over a
 * connection cannot be had while the thread stands still.
 */
export class RemoteRunnerClient implements RunnerHandle {
  /** What the model's `setup` tells stays on the server. */
  readonly facts: Readonly<Record<string, unknown>> = {};
  readonly #options: ResolvedRemoteOptions;
  readonly #place: RemotePlace;
  /** As many connections as there are slots: calls wait in front of them, where they can be given up. */
  readonly #transport: Transport;
  /** For what must not wait for calls, nor they for it: streams and probes. */
  readonly #besides: Transport;
  readonly #clock: Clock;
  readonly #sender: CallSender;
  readonly #headers: RequestHeaders;
  readonly #watch: CallWatch<GiveUp>;
  /** What is under way, by how it is given up. */
  readonly #inside = new LinkedList<GiveUp>();
  #onEmpty: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  /** @throws InvalidArgumentError for options that cannot be met. Connects with the first call. */
  constructor(runner: { readonly name: string }, options: RemoteRunnerOptions, clock: Clock = systemClock) {
    this.#options = resolveRemoteOptions(options);
    this.#place = { runnerName: runner.name, url: this.#options.address.shown };
    this.#transport = new PoolTransport(this.#options, this.#options.maxConnections);
    this.#besides = new PoolTransport(this.#options, undefined);
    this.#clock = clock;
    this.#headers = new RequestHeaders(runner.name, this.#options.token);
    const site = { transport: this.#transport, clock, place: this.#place, headers: this.#headers, pathPrefix: this.#options.address.pathPrefix };
    this.#sender = new CallSender(site, new Cancellations(this.#besides, clock, this.#headers), this.#options.maxConnections);
    this.#watch = new CallWatch(`Runner "${runner.name}" at ${this.#place.url}`, clock, {
      onAbort: (giveUp, reason) => giveUp(reason),
      onDeadline: (giveUp, error) => giveUp(error),
    });
  }

  /** Loads the HTTP client. The server need not be there yet. */
  async start(): Promise<void> {
    await Promise.all([this.#transport.start(), this.#besides.start()]);
  }

  runMethod(method: MethodSpec, params: Params, options: CallOptions): Promise<unknown> {
    try {
      this.#checkOpen();
      options.signal?.throwIfAborted();
      const outgoing = outgoingCall(method, params);
      const givesUpAt = this.#givesUpAt(options);
      return outgoing instanceof Promise
        ? outgoing.then((ready) => this.#run(method, ready, options, givesUpAt))
        : this.#run(method, outgoing, options, givesUpAt);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  streamMethod(method: MethodSpec, params: Params, options: CallOptions): AsyncGenerator<unknown, void, undefined> {
    const outgoing = outgoingCall(method, params);
    // Told with the first `next()`, which may never come.
    if (outgoing instanceof Promise) outgoing.catch(() => undefined);
    let leave: (() => void) | undefined;
    const stream: RemoteStream = new RemoteStream({
      place: this.#place,
      begin: () => {
        this.#checkOpen();
        options.signal?.throwIfAborted();
        const givesUpAt = this.#givesUpAt(options);
        leave = this.#enter((error) => stream.stop(error), options);
        const exchange = (ready: OutgoingCall): PatientExchangeOptions => this.#exchangeOf(method, ready, options, givesUpAt);
        return outgoing instanceof Promise ? outgoing.then(exchange) : exchange(outgoing);
      },
      onEnded: () => leave?.(),
    });
    return stream.items;
  }

  /** Asks the server's `/readyz`; false when it does not answer in time, or not as a runner server. */
  isReady(timeoutMs: number): Promise<boolean> {
    if (this.#closing !== undefined) return Promise.resolve(false);
    const request = { method: "GET", path: `${this.#options.address.pathPrefix}/readyz`, headers: this.#headers.ofProbe(), body: undefined } as const;
    return probe(this.#besides, this.#clock, request, timeoutMs, (headers) => this.#sender.onHead(headers));
  }

  /** Calls and items that wait here for a connection. The workers are the server's and not seen from here: all zero. */
  stats(): HandleStats {
    const { waitingCalls: queuedCalls, waitingItems: queuedItems } = this.#sender;
    return { queuedCalls, queuedItems, workers: { alive: 0, idle: 0, size: 0, restarts: 0 } };
  }

  close(graceMs: number): Promise<void> {
    this.#closing ??= this.#drain(graceMs);
    return this.#closing;
  }

  #run(method: MethodSpec, outgoing: OutgoingCall, options: CallOptions, givesUpAt: number): Promise<unknown> {
    // An asynchronous container may have taken its time.
    this.#checkOpen();
    options.signal?.throwIfAborted();
    const call = new RemoteCall({ method, outgoing, marks: marksOf(options), givesUpAt, retry: new RetryRule(this.#retryOf(method)) });
    call.onOver = this.#enter((error) => call.giveUp(error), options);
    this.#sender.send(call);
    return call.result;
  }

  #exchangeOf(method: MethodSpec, { message }: OutgoingCall, options: CallOptions, givesUpAt: number): PatientExchangeOptions {
    const path = this.#options.address.pathPrefix + methodPath(method.name);
    const marks = marksOf(options);
    return {
      transport: this.#besides,
      clock: this.#clock,
      place: this.#place,
      retry: this.#retryOf(method),
      request: () => ({ method: "POST", path, headers: this.#headers.ofCall(message.headers, marks, givesUpAt - this.#clock.now()), body: message.body }),
    };
  }

  #retryOf({ idempotent }: MethodSpec): RetrySetting {
    return { retries: this.#options.retries, isIdempotent: idempotent };
  }

  #givesUpAt({ timeoutMs }: CallOptions): number {
    return this.#clock.now() + (timeoutMs ?? this.#options.timeoutMs);
  }

  /** Counts what is under way and watches its signal and time limit; the returned function ends that. */
  #enter(giveUp: GiveUp, options: CallOptions): () => void {
    const watched = { ...options, timeoutMs: options.timeoutMs ?? this.#options.timeoutMs };
    const unwatch = this.#watch.watch(watched, giveUp, this.#clock.now());
    const place = this.#inside.add(giveUp);
    return () => {
      if (!this.#inside.remove(place)) return;
      unwatch?.();
      if (this.#inside.size === 0) this.#onEmpty?.();
    };
  }

  async #drain(graceMs: number): Promise<void> {
    await this.#empty(this.#clock.now() + graceMs);
    const late = (): ServiceUnavailableError =>
      new ServiceUnavailableError(`Runner "${this.#place.runnerName}" was destroyed, and the call did not end within its graceMs.`);
    for (const giveUp of [...this.#inside]) giveUp(late());
    await Promise.all([this.#transport.close(), this.#besides.close()]);
  }

  /** Resolves when nothing is under way, at the latest at `end`. */
  async #empty(end: number): Promise<void> {
    if (this.#inside.size === 0) return;
    await new Promise<void>((resolve) => {
      const cancel: CancelTimer = this.#clock.at(end, resolve);
      this.#onEmpty = () => {
        cancel();
        resolve();
      };
    });
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new StateError(`Runner "${this.#place.runnerName}" is being destroyed and takes no more calls.`);
  }
}
