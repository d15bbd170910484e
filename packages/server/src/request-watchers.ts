import type { RequestWatcher } from "./http/request-watcher.js";
import { AccessLog } from "./logging/access-log.js";
import type { ObservabilityOptions } from "./observability-options.js";
import { RequestSpans } from "./tracing/request-spans.js";

/** Who looks at each request, in this order: the log wants the trace that the spans have found or begun. */
export function requestWatchers({ accessLog, tracing = true }: ObservabilityOptions): RequestWatcher[] {
  return [...(tracing ? [new RequestSpans()] : []), ...(accessLog === undefined ? [] : [new AccessLog(accessLog)])];
}
