import { traceContextOfCall } from "../calls/index.js";
import { CALLS_TYPE, type CallMarks } from "../frames/index.js";
import type { CallOptions } from "../handles/index.js";
import { cancellationText, type Cancellation } from "./cancellation.js";
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

  /** Of a call that travels alone. `remainingMs`: until its caller gives up. */
  ofCall(message: Headers, { priority, requestId, traceparent, tracestate }: CallMarks, remainingMs: number): Headers {
    const headers: Record<string, string> = { ...this.#ofAll, ...message, [runnerHeaders.timeoutMs]: String(wholeMs(remainingMs)) };
    if (traceparent !== undefined) headers[runnerHeaders.traceparent] = traceparent;
    if (tracestate !== undefined) headers[runnerHeaders.tracestate] = tracestate;
    if (priority !== undefined) headers[runnerHeaders.priority] = priority;
    if (requestId !== undefined) headers[runnerHeaders.requestId] = requestId;
    return headers;
  }

  /** Of calls that travel together; what each says for itself is in the body. */
  ofBundle(name: string, calls: number): Headers {
    return { ...this.#ofAll, "Content-Type": CALLS_TYPE, [runnerHeaders.bundle]: name, [runnerHeaders.calls]: String(calls) };
  }

  ofCancellations(cancellations: readonly Cancellation[]): Headers {
    return { ...this.#ofAll, [runnerHeaders.cancel]: cancellationText(cancellations) };
  }
}

/**
 * What a call says beside its arguments, but for its time. To be asked when it is made: its trace may be that of the code that makes it. A
 * request id that no header can carry stays here, and so does a trace that is none.
 */
export function marksOf({ priority, requestId, traceContext }: CallOptions): CallMarks {
  const trace = traceContextOfCall(traceContext);
  const id = requestId === undefined || isHeaderText(requestId) ? requestId : undefined;
  return { priority, requestId: id, traceparent: trace?.traceparent, tracestate: trace?.tracestate };
}

/** As a time limit is sent: whole, and not 0. */
export function wholeMs(remainingMs: number): number {
  return Math.max(Math.ceil(remainingMs), 1);
}
