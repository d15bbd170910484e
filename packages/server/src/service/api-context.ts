import type { IncomingHttpHeaders } from "node:http";
import type { CallOptions, TraceContext } from "bentoml-core";
import type { ApiResponse } from "./api-response.js";

/** The request of a call. */
export interface ApiRequest {
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The path of the URL, without its query. */
  readonly path: string;
  /** The query of the URL. */
  readonly query: URLSearchParams;
  /** Address of who is connected, which may be a proxy; undefined when it has gone. */
  readonly remoteAddress: string | undefined;
}

/** What an API's handler gets besides its argument. */
export interface ApiContext {
  /** What the client sent besides its argument. */
  readonly request: ApiRequest;
  /** Status, headers and cookies of the answer. */
  readonly response: ApiResponse;
  /** Sent by the client, else made for this request. */
  readonly requestId: string;
  /** The trace that the request is a part of. */
  readonly trace: TraceContext | undefined;
  /** Aborted when the client goes and when the time is over, with the error that says which. */
  readonly signal: AbortSignal;
  /** Signal, the time that is left, request id and trace, for the calls of runners: `runner.predict.with(context.callOptions)(x)`. */
  readonly callOptions: CallOptions;
}
