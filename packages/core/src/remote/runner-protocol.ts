/**
 * What a runner's client and its server say in headers beside the message itself; `docs/runner-server.md` is the specification.
 * Both sides of the connection take it from here.
 */
export const RUNNER_PROTOCOL_VERSION = 1;

/** Names of the headers of the runner protocol. */
export const runnerHeaders = {
  /** On every request and response. A side that knows another version refuses the message. */
  wireVersion: "Bento-Wire-Version",
  /** Whole ms until the caller gives up. */
  timeoutMs: "Bento-Timeout-Ms",
  runnerName: "Runner-Name",
  requestId: "X-Request-Id",
  /** "high", "normal" or "low"; normal when it is not there. */
  priority: "Bento-Priority",
  traceparent: "traceparent",
  tracestate: "tracestate",
  /** On every response: how many calls of one method the server takes in one request. Without it, one. */
  maxCalls: "Bento-Max-Calls",
  /** How many calls travel in the request. */
  calls: "Bento-Calls",
  /** Name of a request with several calls, by which some of them can be given up. Nobody else can guess it. */
  bundle: "Bento-Bundle",
  /** The calls that are given up: see `cancellationText`. A request with it is no call. */
  cancel: "Bento-Cancel",
} as const;

/** Most calls in one request: what a server takes, and what a client sends. */
export const MOST_CALLS_OF_A_BUNDLE = 128;

/** Path of a method. */
export function methodPath(name: string): string {
  return `/${encodeURIComponent(name)}`;
}

/** Ids and names that can stand in a header as they are. */
export function isHeaderText(text: string): boolean {
  return /^[\x21-\x7e]{1,128}$/.test(text);
}
