import type { FastifyReply, FastifyRequest } from "fastify";
import type { ErrorAnswerer } from "../http/error-answerer.js";
import { readRequestHead } from "../http/request-head.js";
import type { Endpoint, RequestPipeline } from "../http/request-pipeline.js";

/** What the requests that Fastify answers need to take part in the pipeline. */
export interface AdmissionSetting {
  readonly pipeline: RequestPipeline;
  readonly errors: ErrorAnswerer;
  /** The endpoint of a route's pattern; undefined stands for every path that has no route. */
  readonly endpointOf: (pattern: string | undefined) => Endpoint;
}

/** Lets requests through the pipeline to Fastify. */
export class Admission {
  readonly #setting: AdmissionSetting;

  constructor(setting: AdmissionSetting) {
    this.#setting = setting;
  }

  /** True when the request is let in; otherwise it is answered. */
  admit(request: FastifyRequest, reply: FastifyReply): boolean {
    const startedAt = performance.now();
    const { pipeline, errors, endpointOf } = this.#setting;
    const head = readRequestHead(request.raw.rawHeaders);
    const endpoint = endpointOf(request.routeOptions.url);
    const response = reply.raw;
    response.once("close", () => pipeline.finish(endpoint, response.writableFinished ? response.statusCode : 499, startedAt));
    const refusal = pipeline.begin(endpoint, head, response, startedAt);
    if (refusal === undefined) return true;
    reply.hijack();
    errors.answer(refusal, response, { endpoint: endpoint.metrics.endpoint, requestId: head.requestId });
    return false;
  }

  answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const { errors, endpointOf } = this.#setting;
    reply.hijack();
    errors.answer(error, reply.raw, {
      endpoint: endpointOf(request.routeOptions.url).metrics.endpoint,
      requestId: readRequestHead(request.raw.rawHeaders).requestId,
    });
  }
}
