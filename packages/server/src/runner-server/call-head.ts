import type { IncomingHttpHeaders } from "node:http";
import { BentoMLError, InvalidArgumentError, RUNNER_PROTOCOL_VERSION, runnerHeaders, traceContextOf, type CallOptions, type Priority } from "bentoml-core";
import type { RequestHead } from "../http/request-head.js";

const versionHeader = runnerHeaders.wireVersion.toLowerCase();
const priorityHeader = runnerHeaders.priority.toLowerCase();
const timeoutHeader = runnerHeaders.timeoutMs.toLowerCase();

/**
 * Refuses a request of another wire version. One that names none is by hand, and taken.
 *
 * @throws BentoMLError (400) that names both versions.
 */
export function checkWireVersion(headers: IncomingHttpHeaders): void {
  const version = headers[versionHeader];
  if (version === undefined || version === String(RUNNER_PROTOCOL_VERSION)) return;
  throw new BentoMLError(
    `the request is of wire version "${String(version).slice(0, 20)}", and this runner speaks only version ${RUNNER_PROTOCOL_VERSION}: use the same release of bentoml on both sides`,
    { code: "WIRE_VERSION", httpStatus: 400 },
  );
}

/** @throws BentoMLError (415) for a compressed body: those of this protocol are sent as they are. */
export function checkContentEncoding(headers: IncomingHttpHeaders): void {
  const encoding = headers["content-encoding"];
  if (encoding === undefined || encoding.trim().toLowerCase() === "identity") return;
  throw new BentoMLError(`Content-Encoding "${encoding.slice(0, 40)}" is not supported: send the body as it is`, {
    code: "UNSUPPORTED_ENCODING",
    httpStatus: 415,
  });
}

/**
 * Ms until the caller gives up, at most `limitMs`. Rounded up by less than 1/16: callers' own time limits make groups of calls, each with
 * one timer, and no group of its own for every ms that a call has waited. The caller itself is exact, and closes its connection in time.
 *
 * @throws InvalidArgumentError for a header that is no number.
 */
export function callTimeoutMs(headers: IncomingHttpHeaders, limitMs: number): number {
  const text = headers[timeoutHeader];
  if (text === undefined) return limitMs;
  if (typeof text !== "string" || !/^\d{1,15}$/.test(text)) {
    throw new InvalidArgumentError(`the header ${runnerHeaders.timeoutMs} must be a whole number of milliseconds, it is "${String(text).slice(0, 40)}"`);
  }
  return serverTimeoutMs(Number(text), limitMs);
}

/** Ms that a call gets whose caller gives up after so many whole ones. */
export function serverTimeoutMs(timeoutMs: number | undefined, limitMs: number): number {
  if (timeoutMs === undefined) return limitMs;
  const step = 2 ** Math.max(Math.floor(Math.log2(Math.max(timeoutMs, 1))) - 4, 0);
  return Math.min(Math.ceil(timeoutMs / step) * step, limitMs);
}

/** What the headers say to the call beside its time limit. Its trace is that of the head, which may be a span of this server's by now. */
export function callMarks(headers: IncomingHttpHeaders, { traceparent, tracestate }: RequestHead): Pick<CallOptions, "priority" | "traceContext"> {
  return {
    // Checked by the runner, whose error names what there is.
    priority: headers[priorityHeader] as Priority | undefined,
    traceContext: traceContextOf(traceparent, tracestate),
  };
}
