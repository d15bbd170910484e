import { traceContextOf, type TraceContext } from "../calls/index.js";
import type { CallOptions } from "../handles/index.js";
import { RUNNER_PROTOCOL_VERSION, isHeaderText, runnerHeaders } from "./runner-protocol.js";

type Headers = Readonly<Record<string, string>>;

/** The headers of a client's requests beside those of the message itself. */
export class RequestHeaders {
  readonly #ofAll: Headers;

  constructor(runnerName: string, token: string | undefined) {
    this.#ofAll = {
      [runnerHeaders.wireVersion]: String(RUNNER_PROTOCOL_VERSION),
      [runnerHeaders.runnerName]: runnerName,
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    };
  }

  ofProbe(): Headers {
    return this.#ofAll;
  }

  /** A request id that cannot stand in a header stays here, and so does a trace that is none. */
  ofCall(message: Headers, { requestId, priority, traceContext }: CallOptions): Headers {
    return {
      ...this.#ofAll,
      ...message,
      ...traceHeaders(traceContext),
      ...(priority === undefined ? {} : { [runnerHeaders.priority]: priority }),
      ...(requestId === undefined || !isHeaderText(requestId) ? {} : { [runnerHeaders.requestId]: requestId }),
    };
  }

  /** `remainingMs`: until the caller gives up. */
  withTime(headers: Headers, remainingMs: number): Headers {
    return { ...headers, [runnerHeaders.timeoutMs]: String(Math.max(Math.ceil(remainingMs), 1)) };
  }
}

function traceHeaders(given: TraceContext | undefined): Headers {
  const { traceparent, tracestate } = traceContextOf(given?.traceparent, given?.tracestate) ?? {};
  return {
    ...(traceparent === undefined ? {} : { [runnerHeaders.traceparent]: traceparent }),
    ...(tracestate === undefined ? {} : { [runnerHeaders.tracestate]: tracestate }),
  };
}
