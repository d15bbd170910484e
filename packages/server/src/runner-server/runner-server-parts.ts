import { InvalidArgumentError, methodPath } from "bentoml-core";
import { AccessControl } from "../http/access-control.js";
import { ErrorAnswerer, warn } from "../http/error-answerer.js";
import { createFrontServer } from "../http/front-server.js";
import { OpenConnections } from "../http/open-connections.js";
import { RequestPipeline, type Endpoint } from "../http/request-pipeline.js";
import { resolveLimits } from "../http/server-limits.js";
import { tlsOptions } from "../http/server-tls.js";
import { durationBounds } from "../metrics/duration-bounds.js";
import { metricsRegistry } from "../metrics/metrics-registry.js";
import { EndpointMetrics, RequestMetrics } from "../metrics/request-metrics.js";
import { RunnerMetrics } from "../metrics/runner-metrics.js";
import type { ServiceLabels } from "../metrics/service-labels.js";
import { requestWatchers } from "../request-watchers.js";
import { Readiness } from "../readiness.js";
import type { LivingParts } from "../server-life.js";
import { BundlesUnderWay } from "./bundles-under-way.js";
import { errorFrames } from "./error-frames.js";
import { MethodRoute, type MethodSetting } from "./method-route.js";
import { liveRoute, metricsRoute, readyRoute, type PlainRoute } from "./plain-route.js";
import { DEFAULT_PATH, RunnerRoutes } from "./runner-routes.js";
import type { RunnerServerOptions } from "./runner-server-options.js";
import { methodsToServe, type RunnerToServe } from "./runner-to-serve.js";

/** The original's: a runner's call may take long. */
const DEFAULT_CALL_TIMEOUT_MS = 900_000;
/** Endpoint label of requests that match no route. */
const NO_ROUTE = "(no route)";

/**
 * Wires a runner server's parts together. The only place that knows them all.
 *
 * @param isStarted whether the runner was started, if the server has to do that.
 */
export function buildRunnerServer(options: RunnerServerOptions, isStarted: () => boolean): LivingParts {
  const limits = resolveLimits({ callTimeoutMs: DEFAULT_CALL_TIMEOUT_MS, ...options });
  const { runner } = options;
  const registry = metricsRegistry(options.processMetrics ?? false);
  const service: ServiceLabels = {
    service_name: options.serviceName ?? "bentoml-runner",
    service_version: options.serviceVersion ?? "not available",
  };
  const metrics = new RequestMetrics(registry, service, { namespace: "bentoml_runner", targetLabel: "runner_name" }, durationBounds(options.durationBuckets));
  const endpoint = (path: string, isAlwaysAnswered: boolean): Endpoint => ({ metrics: metrics.endpoint(path, runner.name), isAlwaysAnswered, isOpen: isAlwaysAnswered });
  const watchers = requestWatchers(options);
  const pipeline = new RequestPipeline(limits, options.token === undefined ? undefined : new AccessControl({ tokens: [options.token].flat() }), watchers);
  const errors = new ErrorAnswerer(options.onUnexpectedError ?? warn, errorFrames);
  const readiness = new Readiness(limits.readinessTimeoutMs, () => pipeline.isLeaving);
  const startedRunner = { name: runner.name, runnerHandleIsReady: async (timeoutMs?: number) => isStarted() && runner.runnerHandleIsReady(timeoutMs) };
  const plain = [
    ...["/livez", "/healthz"].map((path) => liveRoute(path, endpoint(path, true))),
    readyRoute("/readyz", endpoint("/readyz", true), startedRunner, readiness),
    // Scrapes themselves are not counted.
    ...metricsPage(options, (path) => metricsRoute(path, { metrics: new EndpointMetrics(path, runner.name), isAlwaysAnswered: true }, registry)),
  ];
  const cancellations = { metrics: new EndpointMetrics("(cancellation)", runner.name), isAlwaysAnswered: true };
  const setting: MethodSetting = { pipeline, limits, errors, bundles: new BundlesUnderWay(), cancellations };
  const methods = methodRoutes(runner, setting, (path) => endpoint(path, false));
  const routes = new RunnerRoutes({ runnerName: runner.name, methods, plain, noRoute: endpoint(NO_ROUTE, false), pipeline, errors, maxBodyBytes: limits.maxBodyBytes });
  const connections = new OpenConnections();
  const server = createFrontServer((request, response) => routes.answer(request, response), {
    limits,
    connections,
    errorForm: errorFrames,
    tls: options.tls === undefined ? undefined : tlsOptions(options.tls),
  });
  return { server, connections, pipeline, errors, registry, runnerMetrics: new RunnerMetrics(registry, service, [runner]), watchers };
}

function metricsPage({ metricsEnabled = true }: RunnerServerOptions, page: (path: string) => PlainRoute): PlainRoute[] {
  return metricsEnabled ? [page("/metrics")] : [];
}

function methodRoutes(runner: RunnerToServe, setting: MethodSetting, endpointOf: (path: string) => Endpoint): ReadonlyMap<string, MethodRoute> {
  const { all, defaultMethod } = methodsToServe(runner);
  if (all.length === 0) throw new InvalidArgumentError(`runner ${runner.name} has no methods to serve`);
  const routes = new Map<string, MethodRoute>();
  for (const method of all) {
    const path = methodPath(method.name);
    routes.set(path, new MethodRoute(runner.name, method, endpointOf(path), setting));
  }
  if (defaultMethod !== undefined) routes.set(DEFAULT_PATH, routes.get(methodPath(defaultMethod.name)) as MethodRoute);
  return routes;
}
