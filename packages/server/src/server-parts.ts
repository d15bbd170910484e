import type { Server } from "node:http";
import { InvalidArgumentError } from "bentoml-core";
import { fastify as createFastify, type FastifyInstance, type FastifyServerFactory } from "fastify";
import { Registry } from "prom-client";
import { CrossOrigin } from "./http/cross-origin.js";
import { createCrossOriginFront } from "./http/cross-origin-front.js";
import { ErrorAnswerer, warn } from "./http/error-answerer.js";
import { jsonErrors } from "./http/error-form.js";
import { createFrontServer, type RequestHandler } from "./http/front-server.js";
import { FreshConnections } from "./http/fresh-connections.js";
import { createInferFront } from "./http/infer-front.js";
import { RequestPipeline, type Endpoint } from "./http/request-pipeline.js";
import { resolveLimits } from "./http/server-limits.js";
import { EndpointMetrics, RequestMetrics } from "./metrics/request-metrics.js";
import { RunnerMetrics } from "./metrics/runner-metrics.js";
import type { ServiceLabels } from "./metrics/service-labels.js";
import { ModelDirectory } from "./model-directory.js";
import { Readiness } from "./readiness.js";
import { ModelControl } from "./repository/model-control.js";
import { createRepositoryFront, repositoryPatterns } from "./repository/repository-front.js";
import { addHealthRoutes, probePatterns } from "./routes/health.js";
import { addMetadataRoutes } from "./routes/metadata.js";
import { addMetricsRoute, metricsPattern } from "./routes/metrics.js";
import { addModelConfigRoutes } from "./routes/model-config.js";
import { RouteTable } from "./routes/route-table.js";
import type { LivingParts } from "./server-life.js";
import type { ModelServerOptions } from "./server-options.js";

/** A server put together, not listening yet. */
export interface ServerParts extends Omit<LivingParts, "server"> {
  /** Its `server` is the front server: infer requests pass Fastify by. */
  readonly fastify: FastifyInstance;
  readonly models: ModelDirectory;
  /** Undefined when models cannot be loaded while the server runs. */
  readonly control: ModelControl | undefined;
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
  const models = new ModelDirectory(options.models);
  const registry = new Registry();
  const service: ServiceLabels = {
    service_name: options.serviceName ?? "bentoml-server",
    service_version: options.serviceVersion ?? "not available",
  };
  const metrics = new RequestMetrics(registry, service, { namespace: "bentoml_api_server", targetLabel: "model_name" });
  const runnerMetrics = new RunnerMetrics(registry, service, models.runners);
  const pipeline = new RequestPipeline(limits);
  const errors = new ErrorAnswerer(options.onUnexpectedError ?? warn);
  const inferFront = createInferFront(models, metrics, {
    pipeline,
    limits,
    errors,
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
    options.crossOrigin && createCrossOriginFront(new CrossOrigin(options.crossOrigin), { metrics: metrics.endpoint(PREFLIGHT), isAlwaysAnswered: false }, { pipeline, errors });
  const fresh = new FreshConnections();
  const front = (handler: RequestHandler): Server =>
    createFrontServer(
      (request, response) => {
        if (crossOriginFront?.(request, response) === true) return;
        if (!inferFront.answer(request, response) && !repositoryFront(request, response)) handler(request, response);
      },
      { limits, fresh, errorForm: jsonErrors },
    );
  const fastify = createApp(front, (app) => {
    const routes = new RouteTable(app, { pipeline, errors, endpointOf: endpointsOf(metrics) });
    const readiness = new Readiness(limits.readinessTimeoutMs, () => pipeline.isDraining);
    addHealthRoutes(routes, models, readiness);
    addMetadataRoutes(routes, models, readiness, ["binary_tensor_data", "classification", "parameters", "model_configuration", ...(control === undefined ? [] : ["model_repository"])]);
    addModelConfigRoutes(routes, models);
    addMetricsRoute(routes, registry);
    // POST never comes there: the repository's own front answers it.
    for (const pattern of Object.values(repositoryPatterns)) routes.refuseOtherMethods(pattern, ["POST"]);
    return routes;
  });
  return { fastify, fresh, models, control, pipeline, errors, runnerMetrics };
}

function checkModels({ models, repository, ownsRunners }: ModelServerOptions): void {
  if (models.length === 0 && repository === undefined) throw new InvalidArgumentError("a ModelServer needs at least one model");
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
        isAlwaysAnswered: name === metricsPattern || probePatterns.includes(name),
      };
      known.set(name, endpoint);
    }
    return endpoint;
  };
}
