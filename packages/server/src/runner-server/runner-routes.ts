import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { BentoMLError, MOST_CALLS_OF_A_BUNDLE, NotFoundError, RUNNER_PROTOCOL_VERSION, methodPath, runnerHeaders } from "bentoml-core";
import type { ErrorAnswerer } from "../http/error-answerer.js";
import { hasBody, readRequestHead } from "../http/request-head.js";
import type { Endpoint, RequestPipeline } from "../http/request-pipeline.js";
import { CLIENT_GONE } from "../http/response-end.js";
import type { MethodRoute } from "./method-route.js";
import type { PlainRoute } from "./plain-route.js";

/** Path of the default method. */
export const DEFAULT_PATH = "/";
const GET_METHODS: readonly string[] = ["GET", "HEAD"];

export interface RunnerRoutesSetting {
  readonly runnerName: string;
  /** By path. */
  readonly methods: ReadonlyMap<string, MethodRoute>;
  readonly plain: readonly PlainRoute[];
  /** Stands for every path that has no route. */
  readonly noRoute: Endpoint;
  readonly pipeline: RequestPipeline;
  readonly errors: ErrorAnswerer;
  readonly maxBodyBytes: number;
}

/** Of a server that takes shorter bodies calls come one by one: together they might be too long. */
const LEAST_BODY_BYTES_FOR_BUNDLES = 2 << 20;

/** Finds who answers a request: a method's POST, a GET of probes and metrics, or a refusal that says what there is. */
export class RunnerRoutes {
  readonly #setting: RunnerRoutesSetting;
  readonly #plain: ReadonlyMap<string, PlainRoute>;

  constructor(setting: RunnerRoutesSetting) {
    this.#setting = setting;
    this.#plain = new Map(setting.plain.map((route) => [route.path, route]));
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader(runnerHeaders.wireVersion, String(RUNNER_PROTOCOL_VERSION));
    if (this.#setting.maxBodyBytes >= LEAST_BODY_BYTES_FOR_BUNDLES) response.setHeader(runnerHeaders.maxCalls, String(MOST_CALLS_OF_A_BUNDLE));
    const path = pathOf(request.url as string);
    const method = this.#setting.methods.get(path);
    const plain = this.#plain.get(path);
    if (method !== undefined && request.method === "POST") return method.answer(request, response);
    void this.#answerPlain(plain, method !== undefined, path, request, response);
  }

  async #answerPlain(plain: PlainRoute | undefined, isMethod: boolean, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    const { pipeline, errors, noRoute } = this.#setting;
    const head = readRequestHead(request.rawHeaders);
    const endpoint = plain?.endpoint ?? noRoute;
    const refusal = pipeline.begin(endpoint, head, response, startedAt);
    // A body that nobody reads would have to be read to its end for the next request: close the connection instead.
    if (hasBody(head)) response.shouldKeepAlive = false;
    let status = 200;
    try {
      if (refusal !== undefined) throw refusal;
      if (plain === undefined || !GET_METHODS.includes(request.method as string)) throw this.#refusal(plain, isMethod, path, request, response);
      const { contentType, body } = await plain.answer();
      response.writeHead(200, { "Content-Type": contentType, "Content-Length": Buffer.byteLength(body) }).end(body);
    } catch (error) {
      status = errors.answer(error, response, { endpoint: endpoint.metrics.endpoint, requestId: head.requestId });
    }
    pipeline.finish(endpoint, response.destroyed && !response.writableFinished ? CLIENT_GONE : status, startedAt);
  }

  #refusal(plain: PlainRoute | undefined, isMethod: boolean, path: string, { method }: IncomingMessage, response: ServerResponse): BentoMLError {
    if (plain === undefined && !isMethod) return this.#notFound(path);
    const allow = [...(plain === undefined ? [] : GET_METHODS), ...(isMethod ? ["POST"] : [])].join(", ");
    response.setHeader("Allow", allow);
    return new BentoMLError(`${method ?? ""} is not allowed here, only ${allow}`, { code: "METHOD_NOT_ALLOWED", httpStatus: 405 });
  }

  #notFound(path: string): NotFoundError {
    const { methods, runnerName } = this.#setting;
    const paths = [...methods.keys()].filter((known) => known !== DEFAULT_PATH).map((known) => `POST ${known}`);
    const all = methods.has(DEFAULT_PATH) ? [...paths, `POST ${DEFAULT_PATH} for the default one`] : paths;
    return new NotFoundError(`runner "${runnerName}" has no method at ${path.slice(0, 200)}; its methods are: ${all.join(", ")}`, { code: "METHOD_NOT_FOUND" });
  }
}

/** The path in the spelling of `methodPath`, without a query. */
function pathOf(url: string): string {
  const query = url.indexOf("?");
  const path = query === -1 ? url : url.slice(0, query);
  if (!path.includes("%")) return path;
  try {
    return methodPath(decodeURIComponent(path.slice(1)));
  } catch {
    // Wrongly encoded: it is the path of nothing here.
    return path;
  }
}
