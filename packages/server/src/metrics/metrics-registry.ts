import { Registry, collectDefaultMetrics } from "prom-client";

/** Where a server's metrics are collected from. With `ofProcess` also those of the Node.js process: memory, CPU, garbage, event loop. */
export function metricsRegistry(ofProcess: boolean): Registry {
  const registry = new Registry();
  if (ofProcess) collectDefaultMetrics({ register: registry });
  return registry;
}
