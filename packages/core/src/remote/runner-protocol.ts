/**
 * What a runner's client and its server say in headers beside the message itself; `docs/runner-server.md` is the specification.
 * Both sides of the connection take it from here.
 */
export const RUNNER_PROTOCOL_VERSION = 1;

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
} as const;

/** Path of a method. */
export function methodPath(name: string): string {
  return `/${encodeURIComponent(name)}`;
}

/** Ids and names that can stand in a header as they are. */
export function isHeaderText(text: string): boolean {
  return /^[\x21-\x7e]{1,128}$/.test(text);
}
