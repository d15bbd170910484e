import { METHODS } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasBody, readRequestHead, type RequestHead } from "../http/request-head.js";
import { errorBody } from "../http/error-form.js";
import { Admission, type AdmissionSetting } from "./admission.js";

/** Answers a GET: what it returns is the body, as JSON unless it set another type. */
export type GetHandler = (request: FastifyRequest, reply: FastifyReply) => unknown;

/**
 * The routes that Fastify answers. Each one goes through the request pipeline, and each has an answer to every method:
 * 405 with `Allow` to those that it does not take.
 */
export class RouteTable {
  readonly #fastify: FastifyInstance;
  readonly #admission: Admission;

  constructor(fastify: FastifyInstance, setting: AdmissionSetting) {
    this.#fastify = fastify;
    this.#admission = new Admission(setting);
    this.#addMethodsWithoutBody();
    fastify.addHook("onRequest", (request, reply, done) => {
      if (this.#admit(request, reply)) done();
    });
    fastify.setNotFoundHandler((request, reply) => {
      const path = request.url.split("?", 1)[0] as string;
      sendError(reply, 404, `there is nothing at ${path.slice(0, 200)}; this server speaks the Open Inference Protocol v2 at /v2`);
    });
    fastify.setErrorHandler((error, request, reply) => this.#admission.answerError(error, request, reply));
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
    closeAfterBody(readRequestHead(request.raw.rawHeaders), reply);
    return this.#admission.admit(request, reply);
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
