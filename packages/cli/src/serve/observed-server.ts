import type { AccessLogConfiguration, Configuration } from "bentoml-core";
import type { ObservabilityOptions } from "bentoml-server";
import type { OutputStream } from "../cli-context.js";

/** What the configuration says of the access log, metrics and traces of a server of models; the log goes to `stdout`. */
export function observedServer(configuration: Configuration, stdout: OutputStream): ObservabilityOptions {
  const { accessLog, metricsEnabled } = configuration.apiServer;
  return observed(configuration, { accessLog, metricsEnabled }, stdout);
}

/** The same for the server of a runner. Its bounds of durations are those of the API server, as in the original. */
export function observedRunner(configuration: Configuration, runnerName: string, stdout: OutputStream): ObservabilityOptions {
  const { accessLog, metricsEnabled } = configuration.runner(runnerName);
  return observed(configuration, { accessLog, metricsEnabled }, stdout);
}

function observed(
  { apiServer, tracing }: Configuration,
  { accessLog: { enabled, ...fields }, metricsEnabled }: { readonly accessLog: AccessLogConfiguration; readonly metricsEnabled: boolean },
  stream: OutputStream,
): ObservabilityOptions {
  return {
    ...(enabled ? { accessLog: { ...fields, stream } } : {}),
    metricsEnabled,
    durationBuckets: apiServer.durationBuckets,
    processMetrics: metricsEnabled,
    tracing: tracing.enabled,
  };
}
