import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestMetrics } from "../metrics/request-metrics.js";
import type { ModelDirectory } from "../model-directory.js";
import type { ServedModel } from "../served-model.js";
import type { FastRoute } from "./front-server.js";
import { InferRoute, type InferSetting } from "./infer-route.js";
import { InferUrls } from "./infer-urls.js";
import { readRequestHead } from "./request-head.js";
import type { Endpoint } from "./request-pipeline.js";

/** Endpoint label of all infer requests; the model has a label of its own. */
const INFER_PATTERN = "/v2/models/{model}/infer";

/** The fast route: answers POST on infer URLs without Fastify, and leaves everything else. */
export function createInferFront(models: ModelDirectory, metrics: RequestMetrics, setting: InferSetting): FastRoute {
  const routes = new Map<ServedModel, InferRoute>();
  for (const model of models.models) {
    const endpoint: Endpoint = { metrics: metrics.endpoint(INFER_PATTERN, model.name), isAlwaysAnswered: false };
    routes.set(model, new InferRoute(model, endpoint, setting));
  }
  const urls = new InferUrls(models, (model) => routes.get(model) as InferRoute);
  const unknownModel: Endpoint = { metrics: metrics.endpoint(INFER_PATTERN), isAlwaysAnswered: false };
  return (request, response) => {
    if (request.method !== "POST") return false;
    const found = urls.find(request.url as string);
    if (found === undefined) return false;
    if (found instanceof InferRoute) found.answer(request, response);
    else refuse(found.error, unknownModel, request, response, setting);
    return true;
  };
}

function refuse(error: unknown, endpoint: Endpoint, request: IncomingMessage, response: ServerResponse, setting: InferSetting): void {
  const startedAt = performance.now();
  const head = readRequestHead(request.rawHeaders);
  const refusal = setting.pipeline.begin(endpoint, head, response, startedAt);
  const where = { endpoint: endpoint.metrics.endpoint, requestId: head.requestId };
  setting.pipeline.finish(endpoint, setting.errors.answer(refusal ?? error, response, where), startedAt);
}
