import type { Registry } from "prom-client";
import type { RouteTable } from "./route-table.js";

/** Path of the Prometheus text page. */
export const metricsPattern = "/metrics";

/** The page that Prometheus reads. */
export function addMetricsRoute(routes: RouteTable, registry: Registry): void {
  routes.get(metricsPattern, async (_request, reply) => {
    reply.type(registry.contentType);
    return registry.metrics();
  });
}
