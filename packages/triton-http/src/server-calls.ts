import { Buffer } from "node:buffer";
import { InvalidArgumentError } from "bentoml-core";
import { resolveClientOptions, type ResolvedClientOptions, type TritonClientOptions } from "./client-options.js";
import { Connections, type OpenReply } from "./connections.js";
import type { OutgoingRequest, Reply } from "./exchange.js";
import { badReply, serverError } from "./server-errors.js";

/** Options of every call. */
export interface RequestOptions {
  /** Win over the client's. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  /** Aborting rejects the call with `signal.reason` and closes its connection. */
  readonly signal?: AbortSignal | undefined;
  /** The call is given up with DeadlineExceededError after so many ms. Default: the client's; for streams, never. */
  readonly timeoutMs?: number | undefined;
}

/** What goes out beside the options. */
export interface RequestContent {
  /** After the client's prefix, such as "/v2/models/m/infer". */
  readonly path: string;
  readonly body?: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: true without a body. */
  readonly isIdempotent?: boolean;
}

/** Requests to one server, and its errors as ours. */
export class ServerCalls {
  readonly options: ResolvedClientOptions;
  readonly #connections: Connections;

  constructor(url: string | URL, options: TritonClientOptions) {
    this.options = resolveClientOptions(url, options);
    this.#connections = new Connections(this.options);
  }

  get(path: string, options: RequestOptions): Promise<Reply> {
    return this.#checked(this.#request("GET", { path }, options));
  }

  /** Resolves to a reply of whatever status. */
  probe(path: string, options: RequestOptions): Promise<Reply> {
    return this.#connections.send(this.#request("GET", { path }, options));
  }

  async getJson<Answer>(path: string, options: RequestOptions): Promise<Answer> {
    return jsonOf((await this.get(path, options)).body) as Answer;
  }

  post(content: RequestContent, options: RequestOptions): Promise<Reply> {
    return this.#checked(this.#request("POST", content, options));
  }

  /** Resolves to undefined for an answer without a body. */
  async postJson<Answer>(path: string, value: unknown, options: RequestOptions, isIdempotent: boolean): Promise<Answer> {
    const body = value === undefined ? "" : jsonText(value);
    const { body: answer } = await this.post({ path, body, headers: { "content-type": "application/json" }, isIdempotent }, options);
    return (answer.byteLength === 0 ? undefined : jsonOf(answer)) as Answer;
  }

  /** @throws what `use` throws, and errors of the connection; the status is `use`'s to look at. */
  stream<Item>(
    path: string,
    body: string,
    options: RequestOptions,
    use: (reply: OpenReply, request: OutgoingRequest) => AsyncGenerator<Item, void, undefined>,
  ): AsyncGenerator<Item, void, undefined> {
    const content = { path, body, headers: { "content-type": "application/json" }, isIdempotent: false };
    const request = this.#request("POST", content, { ...options, timeoutMs: options.timeoutMs ?? Infinity });
    return this.#connections.stream(request, (reply) => use(reply, request));
  }

  close(atOnce: boolean): Promise<void> {
    return this.#connections.close(atOnce);
  }

  #checked(request: OutgoingRequest): Promise<Reply> {
    return this.#connections.send(request).then((reply) => {
      if (reply.status >= 200 && reply.status < 300) return reply;
      throw serverError(request.place, reply.status, reply.body);
    });
  }

  #request(method: "GET" | "POST", content: RequestContent, options: RequestOptions): OutgoingRequest {
    const { origin, pathPrefix, headers, timeoutMs } = this.options;
    const path = pathPrefix + content.path;
    return {
      method,
      path: options.query === undefined ? path : path + queryText(options.query),
      headers: { ...headers, ...content.headers, ...options.headers },
      body: content.body ?? null,
      place: { method, path, origin },
      isIdempotent: content.isIdempotent ?? content.body === undefined,
      signal: options.signal,
      timeoutMs: checkedTimeout(options.timeoutMs ?? timeoutMs),
    };
  }
}

/** "/v2/models/m" or "/v2/models/m/versions/1". */
export function modelPath(modelName: string, modelVersion: string | undefined): string {
  if (modelName === "") throw new InvalidArgumentError("The name of a model must not be empty.");
  const path = `/v2/models/${encodeURIComponent(modelName)}`;
  return modelVersion === undefined || modelVersion === "" ? path : `${path}/versions/${encodeURIComponent(modelVersion)}`;
}

export function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"));
  } catch (error) {
    throw badReply(`its JSON is broken: ${(error as Error).message}`, error);
  }
}

export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw new InvalidArgumentError(`The body of the request cannot become JSON: ${(error as Error).message}.`, { cause: error });
  }
}

function queryText(query: Readonly<Record<string, string | readonly string[]>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of typeof value === "string" ? [value] : value) parameters.append(name, one);
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

function checkedTimeout(timeoutMs: number): number {
  if (timeoutMs > 0) return timeoutMs;
  throw new InvalidArgumentError(`timeoutMs is ${String(timeoutMs)}; it must be a number of milliseconds above 0.`);
}
