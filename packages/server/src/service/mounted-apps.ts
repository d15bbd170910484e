import { BentoMLError, isBentoMLError } from "bentoml-core";
import { fastify as createFastify, type FastifyInstance, type FastifyPluginAsync, type FastifyPluginOptions } from "fastify";
import { tellToContinue } from "../http/awaited-continue.js";
import type { FastRoute } from "../http/front-server.js";
import { hasBody, readRequestHead } from "../http/request-head.js";
import type { Endpoint } from "../http/request-pipeline.js";
import type { RequestMetrics } from "../metrics/request-metrics.js";
import { Admission } from "../routes/admission.js";
import type { ApiSetting } from "./api-route.js";
import { BodyBudget } from "./body-budget.js";

/** A plugin of Fastify, with its own routes, parsers and hooks: asynchronous, or one that calls `done`. */
export type MountedPlugin = (app: FastifyInstance, options: FastifyPluginOptions, done: (error?: Error) => void) => unknown;

/** A plugin, and the path below which it answers. */
export interface Mount {
  /** It begins with a slash. */
  readonly path: string;
  /** What answers. */
  readonly plugin: MountedPlugin;
}

/** The plugins of a service, in a Fastify of their own: they may read bodies, and cannot reach the server's own routes. */
export class MountedApps {
  readonly #app: FastifyInstance;
  readonly #paths: readonly string[];

  constructor(mounts: readonly Mount[], metrics: RequestMetrics, { pipeline, limits, errors }: Pick<ApiSetting, "pipeline" | "limits" | "errors">) {
    this.#paths = mounts.map(({ path }) => path);
    this.#app = createFastify({
      bodyLimit: limits.maxBodyBytes,
      // The pipeline answers while the server closes.
      return503OnClosing: false,
      frameworkErrors: (error, request, reply) => {
        if (admission.admit(request, reply)) answerError(error, request, reply);
      },
    });
    const admission = new Admission({ pipeline, errors, endpointOf: endpoints(metrics) });
    const answerError: Admission["answerError"] = (error, request, reply) => admission.answerError(withStatus(error), request, reply);
    this.#app.addHook("onRequest", (request, reply, done) => {
      if (admission.admit(request, reply)) done();
    });
    this.#app.addHook("preParsing", (request, reply, body, done) => {
      if (hasBody(readRequestHead(request.raw.rawHeaders))) tellToContinue(request.raw);
      const budget = new BodyBudget(body, pipeline);
      reply.raw.once("close", () => budget.giveBack());
      done(null, budget);
    });
    this.#app.setErrorHandler(answerError);
    this.#app.setNotFoundHandler((request, reply) => answerError(nothingThere(request.url), request, reply));
    for (const { path, plugin } of mounts) void this.#app.register(plugin as FastifyPluginAsync, { prefix: path });
  }

  /** Answers what is at or below a mount's path. */
  readonly answer: FastRoute = (request, response) => {
    const path = (request.url as string).split("?", 1)[0] as string;
    if (!this.#paths.some((mounted) => path === mounted || path.startsWith(`${mounted}/`))) return false;
    this.#app.routing(request, response);
    return true;
  };

  /** Rejects with what a plugin failed to start with. */
  async ready(): Promise<void> {
    await this.#app.ready();
  }

  async close(): Promise<void> {
    await this.#app.close();
  }
}

/** By the route's pattern, so that there are no more than routes. */
function endpoints(metrics: RequestMetrics): (pattern: string | undefined) => Endpoint {
  return (pattern) => ({ metrics: metrics.endpoint(pattern?.replace(/:(\w+)/g, "{$1}") ?? "(no mounted route)"), isAlwaysAnswered: false });
}

/** Fastify's own refusals, such as of a body that is too large, have a status that is not ours. */
function withStatus(error: unknown): unknown {
  const { statusCode, code = "BAD_REQUEST" } = error as { readonly statusCode?: unknown; readonly code?: string };
  if (isBentoMLError(error) || typeof statusCode !== "number" || statusCode < 400 || statusCode > 499) return error;
  return new BentoMLError((error as Error).message, { code, httpStatus: statusCode, cause: error });
}

function nothingThere(url: string): BentoMLError {
  return new BentoMLError(`there is nothing at ${(url.split("?", 1)[0] as string).slice(0, 200)}`, { code: "NOT_FOUND", httpStatus: 404 });
}
