import type { Server } from "node:http";
import { InvalidArgumentError } from "bentoml-core";
import { fastify as createFastify, type FastifyInstance, type FastifyServerFactory } from "fastify";
import { AccessControl } from "./http/access-control.js";
import { CrossOrigin } from "./http/cross-origin.js";
import { createCrossOriginFront } from "./http/cross-origin-front.js";
import { ErrorAnswerer, warn } from "./http/error-answerer.js";
import { jsonErrors } from "./http/error-form.js";
import { createFrontServer, type RequestHandler } from "./http/front-server.js";
import { createInferFront } from "./http/infer-front.js";
import { OpenConnections } from "./http/open-connections.js";
import { RequestPipeline, type Endpoint } from "./http/request-pipeline.js";
import { resolveLimits } from "./http/server-limits.js";
import { tlsOptions } from "./http/server-tls.js";
import { durationBounds } from "./metrics/duration-bounds.js";
import { metricsRegistry } from "./metrics/metrics-registry.js";
import { EndpointMetrics, RequestMetrics } from "./metrics/request-metrics.js";
import { RunnerMetrics } from "./metrics/runner-metrics.js";
import type { ServiceLabels } from "./metrics/service-labels.js";
import { ModelDirectory } from "./model-directory.js";
import { LiveView } from "./page/live-view.js";
import { addPageRoutes, isNoPageRequest, openPagePatterns, pageDataPatterns } from "./page/page-routes.js";
import { addDocsRoute, docsPattern } from "./openapi/index.js";
import { Readiness } from "./readiness.js";
import { ModelControl } from "./repository/model-control.js";
import { createRepositoryFront, repositoryPatterns } from "./repository/repository-front.js";
import { addHealthRoutes, probePatterns } from "./routes/health.js";
import { addMetadataRoutes } from "./routes/metadata.js";
import { addMetricsRoute, metricsPattern } from "./routes/metrics.js";
import { addModelConfigRoutes } from "./routes/model-config.js";
import { requestWatchers } from "./request-watchers.js";
import { RouteTable } from "./routes/route-table.js";
import { addStatisticsRoutes } from "./routes/statistics.js";
import type { LivingParts } from "./server-life.js";
import { MountedApps, ServiceLife, createApiFront } from "./service/index.js";
import type { ModelServerOptions } from "./server-options.js";
import { ModelStatistics } from "./statistics/model-statistics.js";

/** A server put together, not listening yet. */
export interface ServerParts extends Omit<LivingParts, "server"> {
  /** Its `server` is the front server: infer requests pass Fastify by. */
  readonly fastify: FastifyInstance;
  readonly models: ModelDirectory;
  /** Undefined when models cannot be loaded while the server runs. */
  readonly control: ModelControl | undefined;
  readonly statistics: ModelStatistics;
  /** Undefined when there is no service. */
  readonly serviceLife: ServiceLife | undefined;
  /** Undefined when nothing is mounted. */
  readonly mounted: MountedApps | undefined;
  /** Undefined when there is no page. */
  readonly live: LiveView | undefined;
}

/** Model names in URLs may be as long as a header line lets them. */
const LONGEST_URL_PART = 8192;
/** Endpoint label of what browsers ask before a call. */
const PREFLIGHT = "(preflight)";
/** Endpoint label of requests that match no route. */
const NO_ROUTE = "(no route)";

/** Wires a server's parts together. The only place that knows them all. */
export function buildServer(options: ModelServerOptions): ServerParts {
  checkModels(options);
  const limits = resolveLimits(options);
  const { service: served } = options;
  const models = new ModelDirectory([...(options.models ?? []), ...(served?.models ?? [])], served?.runners);
  const registry = metricsRegistry(options.processMetrics ?? false);
  const service: ServiceLabels = {
    service_name: options.serviceName ?? served?.name ?? "bentoml-server",
    service_version: options.serviceVersion ?? served?.version ?? "not available",
  };
  const metrics = new RequestMetrics(registry, service, { namespace: "bentoml_api_server", targetLabel: "model_name" }, durationBounds(options.durationBuckets));
  const runnerMetrics = new RunnerMetrics(registry, service, models.runners);
  const access = options.access === undefined ? undefined : new AccessControl(options.access);
  const watchers = requestWatchers(options);
  const pipeline = new RequestPipeline(limits, access, watchers);
  const errors = new ErrorAnswerer(options.onUnexpectedError ?? warn);
  const statistics = new ModelStatistics(models);
  const inferFront = createInferFront(models, metrics, {
    pipeline,
    limits,
    errors,
    statistics,
    compressResponses: options.compressResponses ?? true,
  });
  const control =
    options.repository &&
    new ModelControl(options.repository, {
      changed: options.onModelChange ?? (() => undefined),
      directory: models,
      idle: (model) => inferFront.idle(model),
      runnerAdded: (runner) => runnerMetrics.add(runner),
      runnerRemoved: (runner) => runnerMetrics.remove(runner),
      report: (error) => errors.report(error, { endpoint: "(model control)", requestId: "-" }),
    });
  const repositoryFront = createRepositoryFront({ pipeline, errors, metrics, directory: models, control });
  const crossOriginFront =
    options.crossOrigin && createCrossOriginFront(new CrossOrigin(options.crossOrigin), { metrics: metrics.endpoint(PREFLIGHT), isAlwaysAnswered: false, isOpen: true }, { pipeline, errors });
  const serviceLife = served && new ServiceLife(served, errors);
  const apiFront = served && createApiFront(served, metrics, { pipeline, limits, errors, compressResponses: options.compressResponses ?? true, isStarted: () => serviceLife?.isStarted === true });
  const mounted = served === undefined || served.mounts.length === 0 ? undefined : new MountedApps(served.mounts, metrics, { pipeline, limits, errors });
  const connections = new OpenConnections();
  const front = (handler: RequestHandler): Server =>
    createFrontServer(
      (request, response) => {
        if (crossOriginFront?.(request, response) === true) return;
        if (inferFront.answer(request, response) || apiFront?.(request, response) === true) return;
        if (!repositoryFront(request, response) && mounted?.answer(request, response) !== true) handler(request, response);
      },
      { limits, connections, errorForm: jsonErrors, tls: options.tls === undefined ? undefined : tlsOptions(options.tls), direct: crossOriginFront === undefined ? inferFront.infer : undefined },
    );
  const live = options.page === false ? undefined : new LiveView({ pipeline, models, isCounted: isNoPageRequest });
  const fastify = createApp(front, (app) => {
    const routes = new RouteTable(app, { pipeline, errors, endpointOf: endpointsOf(metrics) });
    const readiness = new Readiness(limits.readinessTimeoutMs, () => pipeline.isLeaving, () => serviceLife?.isStarted === false);
    addHealthRoutes(routes, models, readiness);
    addMetadataRoutes(routes, models, readiness, ["binary_tensor_data", "classification", "parameters", "model_configuration", "statistics", "generate", ...(control === undefined ? [] : ["model_repository"])]);
    addModelConfigRoutes(routes, models);
    addStatisticsRoutes(routes, models, statistics, options.gatherStatistics);
    if (options.metricsEnabled !== false) addMetricsRoute(routes, registry, options.gatherMetrics);
    if (live !== undefined) addPageRoutes(routes, { models, readiness, live, access, apis: served && docsPattern });
    if (served !== undefined) {
      addDocsRoute(routes, served, { asksForSecret: access !== undefined });
      for (const { path } of served.apis) routes.refuseOtherMethods(path, ["POST"]);
    }
    // POST never comes there: the repository's own front answers it.
    for (const pattern of Object.values(repositoryPatterns)) routes.refuseOtherMethods(pattern, ["POST"]);
    return routes;
  });
  return { fastify, connections, models, registry, control, statistics, live, serviceLife, mounted, pipeline, errors, runnerMetrics, watchers };
}

function checkModels({ models = [], repository, service, ownsRunners }: ModelServerOptions): void {
  if (models.length === 0 && repository === undefined && service === undefined) throw new InvalidArgumentError("a ModelServer needs a service, or at least one model");
  if (repository !== undefined && ownsRunners !== true) {
    throw new InvalidArgumentError("a ModelServer with a repository ends the runners that are replaced, so it must own them: set ownsRunners to true");
  }
}

function createApp(serverFactory: FastifyServerFactory, addRoutes: (app: FastifyInstance) => RouteTable): FastifyInstance {
  const app: FastifyInstance = createFastify({
    serverFactory,
    frameworkErrors: (error, request, reply) => routes.answerBadUrl(error, request, reply),
    // The pipeline answers while the server closes.
    return503OnClosing: false,
    routerOptions: { maxParamLength: LONGEST_URL_PART },
  });
  const routes = addRoutes(app);
  return app;
}

/** Endpoints of the routes that Fastify answers, by their pattern. Scrapes themselves are not counted. */
function endpointsOf(metrics: RequestMetrics): (pattern: string | undefined) => Endpoint {
  const known = new Map<string, Endpoint>();
  return (pattern) => {
    const name = pattern === undefined ? NO_ROUTE : pattern.replace(/:(\w+)/g, "{$1}");
    let endpoint = known.get(name);
    if (endpoint === undefined) {
      endpoint = {
        metrics: name === metricsPattern ? new EndpointMetrics(name, "") : metrics.endpoint(name),
        isAlwaysAnswered: name === metricsPattern || probePatterns.includes(name) || pageDataPatterns.includes(name),
        isOpen: probePatterns.includes(name) || openPagePatterns.includes(name),
      };
      known.set(name, endpoint);
    }
    return endpoint;
  };
}
