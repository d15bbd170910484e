import type { FastifyReply } from "fastify";
import type { ModelDirectory } from "../model-directory.js";
import type { Readiness } from "../readiness.js";
import type { RouteTable } from "./route-table.js";

/** Paths of the probes. They are answered under load and while the server closes. */
export const probePatterns: readonly string[] = ["/v2/health/live", "/v2/health/ready", "/livez", "/readyz", "/healthz"];

/** Probes of the protocol and of Kubernetes. The bodies are JSON because KServe's client cannot do without. */
export function addHealthRoutes(routes: RouteTable, models: ModelDirectory, readiness: Readiness): void {
  for (const pattern of ["/v2/health/live", "/livez", "/healthz"]) {
    routes.get(pattern, () => ({ live: true }));
  }
  const answerReady = async (reply: FastifyReply): Promise<unknown> => {
    const reason = await readiness.whyNot(models.probed);
    if (reason === undefined) return { live: true, ready: true };
    reply.code(503);
    return { live: true, ready: false, error: reason };
  };
  for (const pattern of ["/v2/health/ready", "/readyz"]) {
    routes.get(pattern, (_request, reply) => answerReady(reply));
  }
}
