import type { Registry } from "prom-client";
import { metricsPage, type MetricsGatherer } from "../metrics/process-metrics.js";
import type { RouteTable } from "./route-table.js";

/** Path of the Prometheus text page. */
export const metricsPattern = "/metrics";

/** The page that Prometheus reads. */
export function addMetricsRoute(routes: RouteTable, registry: Registry, gather: MetricsGatherer | undefined): void {
  routes.get(metricsPattern, async (_request, reply) => {
    reply.type(registry.contentType);
    return metricsPage(registry, gather);
  });
}
