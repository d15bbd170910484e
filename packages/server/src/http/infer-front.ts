import type { RequestMetrics } from "../metrics/request-metrics.js";
import type { ModelDirectory } from "../model-directory.js";
import type { ServedModel } from "../served-model.js";
import { answerAtOnce } from "./answer-at-once.js";
import type { FastRoute } from "./front-server.js";
import { InferRoute, type InferSetting } from "./infer-route.js";
import { InferUrls } from "./infer-urls.js";
import type { Endpoint } from "./request-pipeline.js";

/** Endpoint label of all infer requests; the model has a label of its own. */
const INFER_PATTERN = "/v2/models/{model}/infer";

/** The infer routes of the models that are served. */
export interface InferFront {
  /** The fast route: answers POST on infer URLs without Fastify, and leaves everything else. */
  readonly answer: FastRoute;
  /** Resolves when no request for this model is being answered any more. */
  idle(model: ServedModel): Promise<void>;
}

export function createInferFront(models: ModelDirectory, metrics: RequestMetrics, setting: InferSetting): InferFront {
  const routes = new WeakMap<ServedModel, InferRoute>();
  const routeOf = (model: ServedModel): InferRoute => {
    let route = routes.get(model);
    if (route === undefined) {
      const endpoint: Endpoint = { metrics: metrics.endpoint(INFER_PATTERN, model.name), isAlwaysAnswered: false };
      route = new InferRoute(model, endpoint, setting);
      routes.set(model, route);
    }
    return route;
  };
  for (const model of models.models) routeOf(model);
  const urls = new InferUrls(models, routeOf);
  const unknownModel: Endpoint = { metrics: metrics.endpoint(INFER_PATTERN), isAlwaysAnswered: false };
  const answer: FastRoute = (request, response) => {
    if (request.method !== "POST") return false;
    const found = urls.find(request.url as string);
    if (found === undefined) return false;
    if (found instanceof InferRoute) found.answer(request, response);
    else {
      answerAtOnce(setting, unknownModel, request, response, () => {
        throw found.error;
      });
    }
    return true;
  };
  return { answer, idle: (model) => routeOf(model).idle() };
}
