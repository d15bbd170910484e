import { BentoMLError, type JsonValue } from "bentoml-core";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ErrorAnswerer } from "../http/error-answerer.js";
import type { FastRoute } from "../http/front-server.js";
import { JsonExchange } from "../http/json-exchange.js";
import type { Endpoint, RequestPipeline } from "../http/request-pipeline.js";
import { decodedUrlPart } from "../http/url-part.js";
import type { RequestMetrics } from "../metrics/request-metrics.js";
import type { ModelDirectory } from "../model-directory.js";
import { describeJson, invalidRequest, quoted } from "../protocol/invalid-request.js";
import type { ModelControl } from "./model-control.js";

/** Patterns of the repository's routes, all of them POST. */
export const repositoryPatterns = {
  index: "/v2/repository/index",
  load: "/v2/repository/models/:model/load",
  unload: "/v2/repository/models/:model/unload",
} as const;

const repositoryPath = /^\/v2\/repository\/(?:index|models\/([^/]+)\/(load|unload))$/;

/** What the routes of the repository are made of. */
export interface RepositorySetting {
  readonly pipeline: RequestPipeline;
  readonly errors: ErrorAnswerer;
  readonly metrics: RequestMetrics;
  readonly directory: ModelDirectory;
  /** Undefined: this server loads nothing while it runs. */
  readonly control: ModelControl | undefined;
}

/** Answers the model repository extension: the index of models, and loading and unloading them. */
export function createRepositoryFront(setting: RepositorySetting): FastRoute {
  const endpoints = Object.fromEntries(
    Object.entries(repositoryPatterns).map(([kind, pattern]): [string, Endpoint] => [
      kind,
      { metrics: setting.metrics.endpoint(pattern.replace(":model", "{model}")), isAlwaysAnswered: false },
    ]),
  );
  return (request, response) => {
    if (request.method !== "POST") return false;
    const match = repositoryPath.exec((request.url as string).split("?", 1)[0] as string);
    if (match === null) return false;
    const [, name, change] = match;
    const endpoint = endpoints[change ?? "index"] as Endpoint;
    const handle = async (body: unknown): Promise<unknown> =>
      name === undefined ? index(body, setting) : changeModel(change as "load" | "unload", decodedUrlPart(name), body, setting);
    answer(handle, endpoint, setting, request, response);
    return true;
  };
}

function answer(handle: (body: unknown) => Promise<unknown>, endpoint: Endpoint, { pipeline, errors }: RepositorySetting, request: IncomingMessage, response: ServerResponse): void {
  const route = {
    pipeline,
    endpoint,
    handle,
    answerError: (error: unknown, to: ServerResponse, requestId: string | undefined) => errors.answer(error, to, { endpoint: endpoint.metrics.endpoint, requestId }),
  };
  JsonExchange.start(route, request, response);
}

async function index(body: unknown, { control, directory }: RepositorySetting): Promise<unknown> {
  const { ready = false } = recordOf(body);
  if (typeof ready !== "boolean") throw invalidRequest(`"ready" must be true or false, it is ${describeJson(ready)}`);
  if (control !== undefined) return control.index(ready);
  return directory.models.map(({ name, version }) => ({ name, version, state: "READY", reason: "" }));
}

async function changeModel(change: "load" | "unload", name: string, body: unknown, { control }: RepositorySetting): Promise<undefined> {
  if (control === undefined) throw loadsNothing();
  const { parameters } = recordOf(body);
  const given = Object.keys(recordOf(parameters)).filter((parameter) => parameter !== "unload_dependents");
  if (given.length > 0) {
    throw invalidRequest(`the parameter ${quoted(given[0])} is not supported: a model is served as it was saved. Save it anew with what should be different`);
  }
  await control[change](name);
}

/** Nothing counts as an empty record. */
function recordOf(body: unknown): Readonly<Record<string, JsonValue>> {
  if (body === undefined || body === null) return {};
  if (typeof body !== "object" || Array.isArray(body)) throw invalidRequest(`the body must be a JSON object, it is ${describeJson(body)}`);
  return body as Readonly<Record<string, JsonValue>>;
}

function loadsNothing(): BentoMLError {
  return new BentoMLError("this server loads and unloads nothing while it runs: start it with --model-control explicit", { code: "MODEL_CONTROL_OFF", httpStatus: 400 });
}
