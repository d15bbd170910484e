import { Buffer } from "node:buffer";
import { InvalidArgumentError } from "bentoml-core";
import { resolveClientOptions, type ResolvedClientOptions, type TritonClientOptions } from "./client-options.js";
import { Connections, type OpenReply } from "./connections.js";
import type { OutgoingRequest, Reply } from "./exchange.js";
import type { ServerMetadata } from "./server-answers.js";
import { badReply, serverError } from "./server-errors.js";

/** Options of every call. */
export interface RequestOptions {
  /** Win over the client's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Parameters of the URL. Default none. */
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
  /** Whether its body has tensors as bytes, which not every server knows. Default false. */
  readonly hasBinaryTensors?: boolean;
}

const OPENING_BRACE = 0x7b;
const BINARY_EXTENSION = "binary_tensor_data";

/** Requests to one server, and its errors as ours. */
export class ServerCalls {
  readonly options: ResolvedClientOptions;
  readonly #connections: Connections;
  readonly #hasHeaders: boolean;
  #knowsBinary: Promise<boolean> | undefined;

  constructor(url: string | URL, options: TritonClientOptions) {
    this.options = resolveClientOptions(url, options);
    this.#connections = new Connections(this.options);
    this.#hasHeaders = Object.keys(this.options.headers).length > 0;
  }

  get(path: string, options: RequestOptions): Promise<Reply> {
    return this.#checked(this.#request("GET", { path }, options), asItIs);
  }

  /** What a health endpoint says, by its status; KServe's servers answer 200 with a body whose `field` may say the opposite. */
  async isWell(path: string, field: "live" | "ready", options: RequestOptions): Promise<boolean> {
    const { status, body } = await this.#connections.send(this.#request("GET", { path }, options));
    if (status !== 200) return false;
    const said: unknown = body[0] === OPENING_BRACE ? this.#jsonOf(body) : undefined;
    return (said as Readonly<Record<string, unknown>> | undefined)?.[field] !== false;
  }

  async getJson<Answer>(path: string, options: RequestOptions): Promise<Answer> {
    return this.#jsonOf((await this.get(path, options)).body) as Answer;
  }

  /** Gives what `read` makes of the answer, in the same step: each one costs a small request a part of its time. */
  post<Answer>(content: RequestContent, options: RequestOptions, read: (reply: Reply) => Answer | Promise<Answer>): Promise<Answer> {
    return this.#checked(this.#request("POST", content, options), read, content.hasBinaryTensors === true && this.options.encoding === undefined);
  }

  /** Whether tensors may go as bytes: as the options say, or else as the server says when it is asked, once. */
  mayUseBinary(options: RequestOptions): Promise<boolean> {
    const { encoding } = this.options;
    if (encoding !== undefined) return Promise.resolve(encoding === "binary");
    this.#knowsBinary ??= this.getJson<Partial<ServerMetadata>>("/v2", options).then(
      ({ extensions }) => !Array.isArray(extensions) || extensions.includes(BINARY_EXTENSION),
      (error: unknown) => {
        this.#knowsBinary = undefined;
        throw error;
      },
    );
    return this.#knowsBinary;
  }

  /** Resolves to undefined for an answer without a body. */
  async postJson<Answer>(path: string, value: unknown, options: RequestOptions, isIdempotent: boolean): Promise<Answer> {
    const body = value === undefined ? "" : jsonText(value);
    const { body: answer } = await this.post({ path, body, headers: { "content-type": "application/json" }, isIdempotent }, options, asItIs);
    return (answer.byteLength === 0 ? undefined : this.#jsonOf(answer)) as Answer;
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

  #checked<Answer>(request: OutgoingRequest, read: (reply: Reply) => Answer | Promise<Answer>, mayBeUnread = false): Promise<Answer> {
    return this.#connections.send(request).then((reply) => {
      if (reply.status >= 200 && reply.status < 300) return read(reply);
      if (mayBeUnread) return this.#refusedBinary(request, reply);
      throw serverError(request.place, reply.status, reply.body);
    });
  }

  /** A server that knows no binary tensors answers them with whatever its JSON parser says, if anything. */
  async #refusedBinary({ place, signal, timeoutMs }: OutgoingRequest, { status, body }: Reply): Promise<never> {
    const isKnown = await this.mayUseBinary({ signal, timeoutMs }).catch(() => true);
    const hint = ` Its tensors went as bytes, and the server does not list the extension ${BINARY_EXTENSION}: give the client { encoding: "json" }.`;
    throw serverError(place, status, body, isKnown ? "" : hint);
  }

  #jsonOf(body: Uint8Array): unknown {
    try {
      return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"));
    } catch (error) {
      const { origin, pathPrefix } = this.options;
      throw badReply(`its JSON is broken (${(error as Error).message}); check that ${origin}${pathPrefix} is the url of an inference server`, error);
    }
  }

  #request(method: "GET" | "POST", content: RequestContent, options: RequestOptions): OutgoingRequest {
    const { origin, pathPrefix, headers, timeoutMs } = this.options;
    const path = pathPrefix + content.path;
    return {
      method,
      path: options.query === undefined ? path : path + queryText(options.query),
      headers: this.#hasHeaders || options.headers !== undefined ? { ...headers, ...content.headers, ...options.headers } : (content.headers ?? {}),
      body: content.body ?? null,
      place: { method, path, origin },
      isIdempotent: content.isIdempotent ?? content.body === undefined,
      signal: options.signal,
      timeoutMs: checkedTimeout(options.timeoutMs ?? timeoutMs),
    };
  }
}

function asItIs(reply: Reply): Reply {
  return reply;
}

/** "/v2/models/m" or "/v2/models/m/versions/1". */
export function modelPath(modelName: string, modelVersion: string | undefined): string {
  if (modelName === "") throw new InvalidArgumentError("The name of a model must not be empty.");
  const path = `/v2/models/${encodeURIComponent(modelName)}`;
  return modelVersion === undefined || modelVersion === "" ? path : `${path}/versions/${encodeURIComponent(modelVersion)}`;
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
