import type { CrossOrigin } from "./cross-origin.js";
import { isPreflight } from "./cross-origin.js";
import type { ErrorAnswerer } from "./error-answerer.js";
import type { FastRoute } from "./front-server.js";
import { readRequestHead } from "./request-head.js";
import type { Endpoint, RequestPipeline } from "./request-pipeline.js";

/** Marks every answer for browsers, and answers what they ask before a call. */
export function createCrossOriginFront(crossOrigin: CrossOrigin, preflights: Endpoint, pipeline: RequestPipeline, errors: ErrorAnswerer): FastRoute {
  return (request, response) => {
    crossOrigin.mark(request, response);
    if (!isPreflight(request)) return false;
    const startedAt = performance.now();
    const head = readRequestHead(request.rawHeaders);
    const refusal = pipeline.begin(preflights, head, response, startedAt) ?? crossOrigin.preflight(request, response);
    const status = refusal === undefined ? 204 : errors.answer(refusal, response, { endpoint: preflights.metrics.endpoint, requestId: head.requestId });
    pipeline.finish(preflights, status, startedAt);
    return true;
  };
}
