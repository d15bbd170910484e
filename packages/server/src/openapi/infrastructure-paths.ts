export const INFRASTRUCTURE_TAG = "Infrastructure";

/** Probes and metrics, as a document has them. */
export function infrastructurePaths(): Record<string, unknown> {
  const probe = { live: { type: "boolean" }, ready: { type: "boolean" }, error: { type: "string" } };
  const probeContent = { "application/json": { schema: { type: "object", properties: probe } } };
  const isLive = { 200: { description: "The server lives.", content: probeContent } };
  const isReady = {
    200: { description: "The service and all its runners are ready.", content: probeContent },
    503: { description: "Not ready; the error says what is not.", content: probeContent },
  };
  return {
    "/healthz": operation("healthz", "Whether the server lives", isLive),
    "/livez": operation("livez", "Whether the server lives", isLive),
    "/readyz": operation("readyz", "Whether calls would be answered", isReady),
    "/metrics": operation("metrics", "Metrics for Prometheus", { 200: { description: "In Prometheus' text format.", content: { "text/plain": { schema: { type: "string" } } } } }),
  };
}

function operation(operationId: string, summary: string, responses: unknown): unknown {
  return { get: { operationId, tags: [INFRASTRUCTURE_TAG], summary, responses } };
}
