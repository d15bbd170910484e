import type { FastRoute } from "../http/front-server.js";
import type { Endpoint } from "../http/request-pipeline.js";
import type { RequestMetrics } from "../metrics/request-metrics.js";
import { ApiExchange } from "./api-exchange.js";
import { ApiRoute, type ApiSetting } from "./api-route.js";
import type { Service } from "./service.js";

/** Answers POST on the paths of a service's APIs, and leaves everything else. */
export function createApiFront(service: Service, metrics: RequestMetrics, setting: ApiSetting): FastRoute {
  const routes = new Map(
    service.apis.map((api): [string, ApiRoute] => {
      const endpoint: Endpoint = { metrics: metrics.endpoint(api.path), isAlwaysAnswered: false };
      return [api.path, new ApiRoute(api, endpoint, setting)];
    }),
  );
  return (request, response) => {
    if (request.method !== "POST") return false;
    const route = routes.get((request.url as string).split("?", 1)[0] as string);
    if (route === undefined) return false;
    ApiExchange.start(route, request, response);
    return true;
  };
}
