import { AggregatorRegistry, type Registry } from "prom-client";

/** The metrics of one process as plain data, which can be sent to another one. */
export type ProcessMetrics = readonly object[];

/** Gives the metrics of all processes that serve the same, this one's among them. */
export type MetricsGatherer = (own: ProcessMetrics) => Promise<readonly ProcessMetrics[]>;

export async function processMetrics(registry: Registry): Promise<ProcessMetrics> {
  return registry.getMetricsAsJSON();
}

/** One page for all processes: counters, histograms and gauges are summed, a time is the latest. */
export async function metricsPage(registry: Registry, gather: MetricsGatherer | undefined): Promise<string> {
  if (gather === undefined) return registry.metrics();
  const processes = await gather(await processMetrics(registry));
  return AggregatorRegistry.aggregate([...processes] as object[]).metrics();
}
