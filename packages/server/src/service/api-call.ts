import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { traceContextOf, type CallOptions, type TraceContext } from "bentoml-core";
import type { Connection } from "../http/connection.js";
import type { RequestHead } from "../http/request-head.js";
import { TimedSignal } from "../http/timed-signal.js";
import type { ApiContext, ApiRequest } from "./api-context.js";
import { ApiResponse } from "./api-response.js";

/** One call of an API while it goes on: it ends when the client goes and when its time is over. */
export class ApiCall implements ApiContext {
  readonly request: ApiRequest;
  readonly response: ApiResponse = new ApiResponse();
  readonly requestId: string;
  readonly trace: TraceContext | undefined;
  readonly #timed: TimedSignal;
  /** Undefined when the call may take as long as it likes. */
  #deadline: number | undefined;

  constructor(request: IncomingMessage, head: RequestHead, connection: Connection, timeoutMs: number) {
    this.request = new HandlersRequest(request);
    this.requestId = head.requestId ?? randomUUID();
    this.trace = traceContextOf(head.traceparent, head.tracestate);
    this.#timed = new TimedSignal(connection, timeoutMs);
    this.#deadline = performance.now() + timeoutMs;
  }

  get signal(): AbortSignal {
    return this.#timed.signal;
  }

  get callOptions(): CallOptions {
    const { signal, requestId, trace } = this;
    const timeLeft = this.#deadline === undefined ? {} : { timeoutMs: Math.max(1, Math.ceil(this.#deadline - performance.now())) };
    return { signal, requestId, traceContext: trace, ...timeLeft };
  }

  /** From now on the call may take as long as the client stays. */
  stopTime(): void {
    this.#deadline = undefined;
    this.#timed.stopTime();
  }

  /** To be called once, when the call is answered. */
  end(): void {
    this.#timed.end();
  }
}

/** A request as handlers see it; a URL is taken apart only when they ask. */
class HandlersRequest implements ApiRequest {
  readonly #request: IncomingMessage;

  constructor(request: IncomingMessage) {
    this.#request = request;
  }

  get headers(): ApiRequest["headers"] {
    return this.#request.headers;
  }

  get path(): string {
    return this.#url[0] as string;
  }

  get query(): URLSearchParams {
    return new URLSearchParams(this.#url.slice(1).join("?"));
  }

  get remoteAddress(): string | undefined {
    return this.#request.socket.remoteAddress;
  }

  get #url(): string[] {
    return (this.#request.url as string).split("?");
  }
}
