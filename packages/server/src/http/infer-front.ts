import type { RequestMetrics } from "../metrics/request-metrics.js";
import type { ModelDirectory } from "../model-directory.js";
import type { ServedModel } from "../served-model.js";
import { answerAtOnce } from "./answer-at-once.js";
import type { FastRoute } from "./front-server.js";
import { GenerateRoute } from "./generate-route.js";
import { InFlight } from "./in-flight.js";
import { InferRoute, type InferSetting } from "./infer-route.js";
import { InferUrls, type ModelAction } from "./infer-urls.js";
import type { Endpoint } from "./request-pipeline.js";

/** The routes that run the models that are served. */
export interface InferFront {
  /** The fast route: answers POST on infer and generate URLs without Fastify, and leaves everything else. */
  readonly answer: FastRoute;
  /** The infer route of a URL; undefined for every other URL. */
  readonly infer: (url: string) => InferRoute | undefined;
  /** Resolves when no request for this model is being answered any more. */
  idle(model: ServedModel): Promise<void>;
}

export function createInferFront(models: ModelDirectory, metrics: RequestMetrics, setting: InferSetting): InferFront {
  const routes = new WeakMap<ServedModel, ModelRoutes>();
  const routesOf = (model: ServedModel): ModelRoutes => {
    let made = routes.get(model);
    if (made === undefined) {
      made = new ModelRoutes(model, metrics, setting);
      routes.set(model, made);
    }
    return made;
  };
  for (const model of models.models) routesOf(model);
  const urls = new InferUrls(models, (model, action) => routesOf(model).of(action));
  const answer: FastRoute = (request, response) => {
    if (request.method !== "POST") return false;
    const found = urls.find(request.url as string);
    if (found === undefined) return false;
    if (found instanceof InferRoute || found instanceof GenerateRoute) found.answer(request, response);
    else {
      answerAtOnce(setting, endpointOf(found.action, metrics), request, response, () => {
        throw found.error;
      });
    }
    return true;
  };
  const infer = (url: string): InferRoute | undefined => {
    const found = urls.find(url);
    return found instanceof InferRoute ? found : undefined;
  };
  return { answer, infer, idle: (model) => routesOf(model).inFlight.idle() };
}

/** The routes of one model. Those of the generate extension are made when they are first asked for: most models never are. */
class ModelRoutes {
  readonly inFlight: InFlight = new InFlight();
  readonly #make: (action: ModelAction) => InferRoute | GenerateRoute;
  readonly #made: Map<ModelAction, InferRoute | GenerateRoute> = new Map();

  constructor(model: ServedModel, metrics: RequestMetrics, setting: InferSetting) {
    this.#make = (action) => {
      const endpoint = endpointOf(action, metrics, model.name);
      return action === "infer" ? new InferRoute(model, endpoint, this.inFlight, setting) : new GenerateRoute(model, action, endpoint, this.inFlight, setting);
    };
    this.of("infer");
  }

  of(action: ModelAction): InferRoute | GenerateRoute {
    let route = this.#made.get(action);
    if (route === undefined) {
      route = this.#make(action);
      this.#made.set(action, route);
    }
    return route;
  }
}

/** Endpoint label of all requests of an action; the model has a label of its own. */
function endpointOf(action: ModelAction, metrics: RequestMetrics, model?: string): Endpoint {
  return { metrics: metrics.endpoint(`/v2/models/{model}/${action}`, model), isAlwaysAnswered: false };
}
