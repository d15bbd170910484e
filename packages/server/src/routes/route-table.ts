import { METHODS } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ErrorAnswerer } from "../http/error-answerer.js";
import { hasBody, readRequestHead, type RequestHead } from "../http/request-head.js";
import type { Endpoint, RequestPipeline } from "../http/request-pipeline.js";
import { errorBody } from "../http/error-form.js";

/** Answers a GET: what it returns is the body, as JSON unless it set another type. */
export type GetHandler = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** What the routes that Fastify answers need to take part in the pipeline. */
export interface RouteTableSetting {
  readonly pipeline: RequestPipeline;
  readonly errors: ErrorAnswerer;
  /** The endpoint of a route's pattern; undefined stands for every path that has no route. */
  readonly endpointOf: (pattern: string | undefined) => Endpoint;
}

/**
 * The routes that Fastify answers. Each one goes through the request pipeline, and each has an answer to every method:
 * 405 with `Allow` to those that it does not take.
 */
export class RouteTable {
  readonly #fastify: FastifyInstance;
  readonly #setting: RouteTableSetting;

  constructor(fastify: FastifyInstance, setting: RouteTableSetting) {
    this.#fastify = fastify;
    this.#setting = setting;
    this.#addMethodsWithoutBody();
    fastify.addHook("onRequest", (request, reply, done) => {
      if (this.#admit(request, reply)) done();
    });
    fastify.setNotFoundHandler((request, reply) => {
      const path = request.url.split("?", 1)[0] as string;
      sendError(reply, 404, `there is nothing at ${path.slice(0, 200)}; this server speaks the Open Inference Protocol v2 at /v2`);
    });
    fastify.setErrorHandler((error, request, reply) => this.#answerError(error, request, reply));
  }

  get(pattern: string, handler: GetHandler): void {
    this.#fastify.get(pattern, async (request, reply) => handler(request, reply));
    this.refuseOtherMethods(pattern, ["GET", "HEAD"]);
  }

  /** Answers 405 at `pattern` to all methods but `allowed`. */
  refuseOtherMethods(pattern: string, allowed: readonly string[]): void {
    const method = this.#fastify.supportedMethods.filter((candidate) => !allowed.includes(candidate));
    const allow = allowed.join(", ");
    this.#fastify.route({
      method,
      url: pattern,
      handler: (request, reply) => {
        sendError(reply.header("Allow", allow), 405, `${request.method} is not allowed here, only ${allow}`);
      },
    });
  }

  /** For what fails before any hook: a URL that Fastify cannot decode. */
  answerBadUrl(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    if (this.#admit(request, reply)) sendError(reply, 400, (error as Error).message);
  }

  #admit(request: FastifyRequest, reply: FastifyReply): boolean {
    const startedAt = performance.now();
    const { pipeline, errors, endpointOf } = this.#setting;
    const head = readRequestHead(request.raw.rawHeaders);
    const endpoint = endpointOf(request.routeOptions.url);
    const response = reply.raw;
    closeAfterBody(head, reply);
    response.once("close", () => pipeline.finish(endpoint, response.writableFinished ? response.statusCode : 499, startedAt));
    const refusal = pipeline.begin(endpoint, head, response, startedAt);
    if (refusal === undefined) return true;
    reply.hijack();
    errors.answer(refusal, response, { endpoint: endpoint.metrics.endpoint, requestId: head.requestId });
    return false;
  }

  #answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const { errors, endpointOf } = this.#setting;
    reply.hijack();
    errors.answer(error, reply.raw, {
      endpoint: endpointOf(request.routeOptions.url).metrics.endpoint,
      requestId: readRequestHead(request.raw.rawHeaders).requestId,
    });
  }

  /** Makes Fastify know every method of Node, and none as one whose body it should read: no route here takes one. */
  #addMethodsWithoutBody(): void {
    for (const method of METHODS) {
      // Node handles CONNECT apart from requests.
      if (method !== "CONNECT") this.#fastify.addHttpMethod(method, { hasBody: false, overrideExisting: true });
    }
  }
}

/** A body that nobody reads would have to be read to its end for the next request: close the connection instead. */
function closeAfterBody(head: RequestHead, reply: FastifyReply): void {
  if (hasBody(head)) reply.raw.shouldKeepAlive = false;
}

function sendError(reply: FastifyReply, status: number, message: string): void {
  void reply.code(status).type("application/json").send(errorBody(message));
}
