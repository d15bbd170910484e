import type { IncomingMessage, ServerResponse } from "node:http";
import { cancellationsOf, runnerHeaders } from "bentoml-core";
import { hasBody, readRequestHead } from "../http/request-head.js";
import type { MethodSetting } from "./method-route.js";

/** Answers a request that gives calls up, after they were: 200 also for those that have ended, since nobody can know in time. */
export function answerCancellation({ pipeline, errors, bundles, cancellations }: MethodSetting, request: IncomingMessage, response: ServerResponse): void {
  const startedAt = performance.now();
  const head = readRequestHead(request.rawHeaders);
  const refusal = pipeline.begin(cancellations, head, response, startedAt);
  // A body that nobody reads would have to be read to its end for the next request: close the connection instead.
  if (hasBody(head)) response.shouldKeepAlive = false;
  let status = 200;
  try {
    if (refusal !== undefined) throw refusal;
    for (const cancellation of cancellationsOf(String(request.headers[runnerHeaders.cancel.toLowerCase()]))) bundles.cancel(cancellation);
    response.writeHead(200, { "Content-Length": 0 }).end();
  } catch (error) {
    status = errors.answer(error, response, { endpoint: cancellations.metrics.endpoint, requestId: head.requestId });
  }
  pipeline.finish(cancellations, status, startedAt);
}
