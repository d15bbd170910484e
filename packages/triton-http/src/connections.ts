import { StateError } from "bentoml-core";
import type { Pool } from "undici";
import type { ResolvedClientOptions } from "./client-options.js";
import { Exchange, lateError, MOST_TIMER_MS, type HeaderRecord, type OutgoingRequest, type Reply } from "./exchange.js";
import { connectionLost, isNotSendable, notSendable, unreachable } from "./server-errors.js";

/** An answer whose body is read as it comes. */
export interface OpenReply {
  readonly status: number;
  readonly headers: HeaderRecord;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Failures that come before there is a connection. */
const NOT_CONNECTED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT"],
]);

/** The connections of one client. They are made when they are first needed, and do not keep the process alive. */
export class Connections {
  readonly #options: ResolvedClientOptions;
  #pool: Pool | undefined;
  #loading: Promise<Pool> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedClientOptions) {
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  /** Sends a request and reads its whole answer. */
  send(request: OutgoingRequest): Promise<Reply> {
    if (this.isClosed) return Promise.reject(closedError(this.#options.origin));
    if (this.#pool === undefined) return this.#load().then(() => this.send(request));
    const exchange = new Exchange(request, this.#pool, this.#options.retries);
    exchange.begin();
    return exchange.reply;
  }

  /**
   * Sends a request once and gives its answer while it comes. Its signal, and its time limit, hold until `use` is over; leaving
   * before the end closes the connection.
   */
  async *stream<Item>(request: OutgoingRequest, use: (reply: OpenReply) => AsyncGenerator<Item, void, undefined>): AsyncGenerator<Item, void, undefined> {
    if (this.isClosed) throw closedError(this.#options.origin);
    const pool = this.#pool ?? (await this.#load());
    const { signal, place, timeoutMs } = request;
    signal?.throwIfAborted();
    const giveUp = new AbortController();
    const onAbort = (): void => giveUp.abort(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    const deadline = timeoutMs <= MOST_TIMER_MS ? setTimeout(() => giveUp.abort(lateError(request)), timeoutMs) : undefined;
    try {
      const { method, path, headers, body } = request;
      const answer = await pool.request({ method, path, headers, body, signal: giveUp.signal });
      yield* use({ status: answer.statusCode, headers: answer.headers, body: answer.body });
    } catch (error) {
      if (giveUp.signal.aborted) throw giveUp.signal.reason;
      if (isNotSendable(error)) throw notSendable(place, error);
      throw isConnectionError(error) ? (isNotConnected(error) ? unreachable(place, error) : connectionLost(place, error)) : error;
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener("abort", onAbort);
      giveUp.abort();
    }
  }

  /** Closes every connection, after what is on its way or, with `atOnce`, at once. */
  close(atOnce: boolean): Promise<void> {
    this.#closing ??= this.#close(atOnce);
    return this.#closing;
  }

  async #close(atOnce: boolean): Promise<void> {
    const pool = this.#pool ?? (await this.#loading);
    await (atOnce ? pool?.destroy() : pool?.close());
  }

  #load(): Promise<Pool> {
    this.#loading ??= this.#make();
    return this.#loading;
  }

  async #make(): Promise<Pool> {
    // Not at import: it takes some 30 ms that whoever only names a model should not wait for.
    const { Pool } = await import("undici");
    const { origin, maxConnections, connectTimeoutMs, tls } = this.#options;
    this.#pool = new Pool(origin, {
      connections: maxConnections,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: connectTimeoutMs, ...(tls as object | undefined) },
    });
    return this.#pool;
  }
}

function closedError(origin: string): StateError {
  return new StateError(`The Triton client of ${origin} is closed: make a new one.`, { code: "CLIENT_CLOSED" });
}

function isConnectionError(error: unknown): error is Error & { readonly code: string } {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return error instanceof Error && typeof code === "string" && /^(?:E[A-Z]|UND_ERR_(?:SOCKET|CONNECT_TIMEOUT|ABORTED|DESTROYED|CLOSED))/.test(code);
}

function isNotConnected(error: Error & { readonly code: string }): boolean {
  return NOT_CONNECTED.has(error.code);
}

