import type { Dispatcher, Pool } from "undici";
import type { HeaderRecord } from "../frames/index.js";
import type { ResolvedRemoteOptions } from "./remote-runner-options.js";
import type { Exchange, ExchangeEvents, OutgoingRequest, Transport } from "./transport.js";

/** Longer ones of a server are cut to this: a connection that a firewall has forgotten would cost a call. */
const MOST_KEEP_ALIVE_MS = 600_000;

/**
 * Pooled keep-alive connections of undici. It is loaded with the first client: whoever has no remote runner does not pay for it.
 * Its own time limits are off, since each call has a deadline.
 */
export class PoolTransport implements Transport {
  readonly #options: ResolvedRemoteOptions;
  readonly #connections: number | undefined;
  #pool: Pool | undefined;
  #starting: Promise<void> | undefined;
  #isClosed = false;

  /** @param connections most at once, undefined for as many as there are requests. */
  constructor(options: ResolvedRemoteOptions, connections: number | undefined) {
    this.#options = options;
    this.#connections = connections;
  }

  start(): Promise<void> {
    this.#starting ??= this.#load();
    return this.#starting;
  }

  send(request: OutgoingRequest, events: ExchangeEvents): Exchange {
    const exchange = new PoolExchange(request, events);
    if (this.#pool !== undefined) exchange.dispatch(this.#pool);
    else {
      this.start().then(
        () => exchange.dispatch(this.#pool as Pool),
        (error: unknown) => exchange.onResponseError(undefined, error as Error),
      );
    }
    return exchange;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#pool?.destroy();
  }

  async #load(): Promise<void> {
    const { Pool } = await import("undici");
    const { address, connectTimeoutMs, tls } = this.#options;
    this.#pool = new Pool(address.origin, {
      connections: this.#connections ?? null,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveMaxTimeout: MOST_KEEP_ALIVE_MS,
      connect: {
        timeout: connectTimeoutMs,
        ...(address.socketPath === undefined ? {} : { socketPath: address.socketPath }),
        ...(tls as object | undefined),
      },
    });
    if (this.#isClosed) await this.#pool.destroy();
  }
}

/** The events of one request, from undici's names to ours. */
class PoolExchange implements Exchange, Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #isAborted = false;

  constructor(
    private readonly request: OutgoingRequest,
    private readonly events: ExchangeEvents,
  ) {}

  dispatch(pool: Pool): void {
    if (this.#isAborted) return;
    const { method, path, headers, body } = this.request;
    pool.dispatch({ method, path, headers, body: body ?? null }, this);
  }

  abort(): void {
    this.#isAborted = true;
    this.#controller?.abort(new Error("The call was given up."));
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isAborted) this.abort();
    else this.events.sent();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: HeaderRecord): void {
    // 103 and its kind come before the answer.
    if (!this.#isAborted && status >= 200) this.events.answered(status, headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (!this.#isAborted) this.events.arrived(chunk);
  }

  onResponseEnd(): void {
    if (!this.#isAborted) this.events.ended();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (!this.#isAborted) this.events.failed(error);
  }
}
