import type { FastifyInstance } from "fastify";
import { io } from "../io/index.js";
import type { ModelServerOptions } from "../server-options.js";
import { Service } from "../service/index.js";
import type { TestRequest } from "./http-client.js";
import { goodBody, serve, type TestServer } from "./served-fixtures.js";

/** A request, and what comes of it where nothing is in its way. */
export interface RouteCase extends TestRequest {
  /** The endpoint label of its metrics; undefined for the one route that is not counted. */
  readonly endpoint: string | undefined;
  readonly status: number;
  readonly isAlwaysAnswered?: boolean;
  /** Asks for no secret. */
  readonly isOpen?: boolean;
  /** The body is read before the answer. */
  readonly readsBody?: boolean;
}

/** Every kind of route of a server with the model `double` and the service of `serveEverything`: the fast ones and those of Fastify, found and not found. */
export const routes: readonly RouteCase[] = [
  { path: "/v2/models/double/infer", body: goodBody, endpoint: "/v2/models/{model}/infer", status: 200, readsBody: true },
  { path: "/v2/models/double/versions/v1/infer", body: goodBody, endpoint: "/v2/models/{model}/infer", status: 200, readsBody: true },
  { path: "/v2/models/double/infer", body: {}, endpoint: "/v2/models/{model}/infer", status: 400, readsBody: true },
  { path: "/v2/models/nope/infer", body: goodBody, endpoint: "/v2/models/{model}/infer", status: 404 },
  { path: "/v2/models/double/infer", method: "GET", endpoint: "/v2/models/{model}/infer", status: 405 },
  { path: "/v2/models/double/versions/v1/infer", method: "PUT", endpoint: "/v2/models/{model}/versions/{version}/infer", status: 405 },
  { path: "/v2", endpoint: "/v2", status: 200 },
  { path: "/v2/", endpoint: "/v2/", status: 200 },
  { path: "/v2/models/double", endpoint: "/v2/models/{model}", status: 200 },
  { path: "/v2/models/double/versions/v1", endpoint: "/v2/models/{model}/versions/{version}", status: 200 },
  { path: "/v2/models/double/ready", endpoint: "/v2/models/{model}/ready", status: 200 },
  { path: "/v2/models/double/generate", body: { x: [1, 2] }, endpoint: "/v2/models/{model}/generate", status: 200, readsBody: true },
  { path: "/v2/models/double/generate_stream", body: { x: [1, 2] }, endpoint: "/v2/models/{model}/generate_stream", status: 200, readsBody: true },
  { path: "/v2/models/double/generate", body: {}, endpoint: "/v2/models/{model}/generate", status: 400, readsBody: true },
  { path: "/v2/models/nope/generate_stream", body: {}, endpoint: "/v2/models/{model}/generate_stream", status: 404 },
  { path: "/v2/models/double/generate", method: "GET", endpoint: "/v2/models/{model}/generate", status: 405 },
  { path: "/v2/models/double/config", endpoint: "/v2/models/{model}/config", status: 200 },
  { path: "/v2/models/double/stats", endpoint: "/v2/models/{model}/stats", status: 200 },
  { path: "/v2/models/stats", endpoint: "/v2/models/stats", status: 200 },
  { path: "/v2/repository/index", method: "POST", endpoint: "/v2/repository/index", status: 200, readsBody: true },
  { path: "/v2/repository/models/double/load", method: "POST", endpoint: "/v2/repository/models/{model}/load", status: 400, readsBody: true },
  { path: "/v2/repository/models/double/unload", body: {}, endpoint: "/v2/repository/models/{model}/unload", status: 400, readsBody: true },
  { path: "/v2/repository/index", method: "GET", endpoint: "/v2/repository/index", status: 405 },
  { path: "/v2/models/nope", endpoint: "/v2/models/{model}", status: 404 },
  { path: "/v2/models/%zz", endpoint: "(no route)", status: 400 },
  { path: "/echo", body: "x", endpoint: "/echo", status: 200, readsBody: true },
  { path: "/echo", body: Buffer.from([0xff]), endpoint: "/echo", status: 400, readsBody: true },
  { path: "/echo", method: "GET", endpoint: "/echo", status: 405 },
  { path: "/file", body: "x", endpoint: "/file", status: 200, readsBody: true },
  { path: "/docs.json", endpoint: "/docs.json", status: 200 },
  { path: "/mounted/7", endpoint: "/mounted/{id}", status: 200 },
  { path: "/mounted/7", body: "x", endpoint: "/mounted/{id}", status: 200, readsBody: true },
  { path: "/mounted/7/8", endpoint: "(no mounted route)", status: 404 },
  { path: "/", endpoint: "/", status: 200 },
  { path: "/page/summary", endpoint: "/page/summary", status: 200, isAlwaysAnswered: true },
  { path: "/nowhere", endpoint: "(no route)", status: 404 },
  { path: "/nowhere", body: "{bad", endpoint: "(no route)", status: 404 },
  { path: "/v2", method: "POST", endpoint: "/v2", status: 405 },
  { path: "/v2/health/live", endpoint: "/v2/health/live", status: 200, isAlwaysAnswered: true, isOpen: true },
  { path: "/v2/health/ready", endpoint: "/v2/health/ready", status: 200, isAlwaysAnswered: true, isOpen: true },
  { path: "/livez", endpoint: "/livez", status: 200, isAlwaysAnswered: true, isOpen: true },
  { path: "/readyz", endpoint: "/readyz", status: 200, isAlwaysAnswered: true, isOpen: true },
  { path: "/healthz", endpoint: "/healthz", status: 200, isAlwaysAnswered: true, isOpen: true },
  { path: "/metrics", endpoint: undefined, status: 200, isAlwaysAnswered: true },
];

/** A server with these models and, besides, a service with an API and a plugin. */
export function serveEverything(models: NonNullable<ModelServerOptions["models"]>, options: Partial<ModelServerOptions> = {}): Promise<TestServer> {
  const service = new Service("sample");
  service.api("echo", { input: io.text(), output: io.text() }, (value) => value);
  service.api("file", { input: io.text(), output: io.file() }, (value) => ({ bytes: Buffer.from(value), fileName: "value.txt" }));
  service.mount("/mounted", async (app: FastifyInstance) => {
    app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
    app.get("/:id", (request) => request.params);
    app.post("/:id", (request) => request.body);
  });
  return serve(models, { ...options, service });
}
