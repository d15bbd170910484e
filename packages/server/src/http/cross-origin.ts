import type { IncomingMessage, ServerResponse } from "node:http";
import { BentoMLError, InvalidArgumentError } from "bentoml-core";

/** Which web pages of other origins may call the server (CORS, as the Fetch standard has it), and how. */
export interface CrossOriginRules {
  /** Such as `https://app.example.org`, or `*` for every page. */
  readonly allowOrigins: readonly string[];
  /** Origins that this fits as a whole are allowed too. */
  readonly allowOriginRegex?: string | undefined;
  /** Whether they may send cookies and other credentials. Default false. Not with `*`: every page could act as its reader. */
  readonly allowCredentials?: boolean;
  /** Headers that they may send; `*` for any. Default: those of the protocol. */
  readonly allowHeaders?: readonly string[];
  /** Default GET, HEAD and POST. */
  readonly allowMethods?: readonly string[];
  /** Headers of answers that they may read. Default: those of the protocol. */
  readonly exposeHeaders?: readonly string[];
  /** How long they may remember the answer to a preflight, in seconds. Default: as long as the browser likes. */
  readonly maxAgeSeconds?: number | undefined;
}

const PROTOCOL_METHODS: readonly string[] = ["GET", "HEAD", "POST"];
/** All that a server reads of a request, and all that it tells in headers. The types of bodies need no leave. */
const PROTOCOL_REQUEST_HEADERS: readonly string[] = ["Content-Type", "Content-Encoding", "Inference-Header-Content-Length", "Payload-Meta", "Authorization", "X-API-Key", "X-Request-Id", "traceparent", "tracestate"];
const PROTOCOL_ANSWER_HEADERS: readonly string[] = ["Inference-Header-Content-Length", "Payload-Meta", "Content-Disposition", "X-Request-Id", "Retry-After", "WWW-Authenticate"];
const ANY = "*";
const NO_CONTENT = 204;

/** Tells browsers whether a page of another origin may call. Requests without an `Origin` are nobody's business here. */
export class CrossOrigin {
  readonly #rules: CrossOriginRules;
  readonly #allowsAny: boolean;
  readonly #origins: ReadonlySet<string>;
  readonly #pattern: RegExp | undefined;
  readonly #exposed: string;

  /** Throws InvalidArgumentError for rules that are not safe or cannot be read. */
  constructor(rules: CrossOriginRules) {
    this.#rules = rules;
    this.#allowsAny = rules.allowOrigins.includes(ANY);
    this.#origins = new Set(rules.allowOrigins);
    this.#pattern = rules.allowOriginRegex === undefined ? undefined : patternOf(rules.allowOriginRegex);
    this.#exposed = orDefault(rules.exposeHeaders, PROTOCOL_ANSWER_HEADERS).join(", ");
    if (this.#allowsAny && rules.allowCredentials === true) {
      throw new InvalidArgumentError('allow_credentials with the origin "*" would let every web page act as its reader: list the origins that may');
    }
  }

  /** Adds to the answer what the browser has to know. */
  mark(request: IncomingMessage, response: ServerResponse): void {
    const { origin } = request.headers;
    if (!this.#allowsAny) response.setHeader("Vary", "Origin");
    if (origin === undefined || !this.#allows(origin)) return;
    response.setHeader("Access-Control-Allow-Origin", this.#allowsAny ? ANY : origin);
    if (this.#rules.allowCredentials === true) response.setHeader("Access-Control-Allow-Credentials", "true");
    response.setHeader("Access-Control-Expose-Headers", this.#exposed);
  }

  /** Answers the question that a browser asks before a call, on an answer that is marked, and gives the status. Throws when the page may not call. */
  preflight(request: IncomingMessage, response: ServerResponse): number {
    const origin = request.headers.origin as string;
    if (!this.#allows(origin)) throw new BentoMLError(`pages of ${origin.slice(0, 200)} may not call this server`, { code: "ORIGIN_NOT_ALLOWED", httpStatus: 403 });
    const { allowMethods, maxAgeSeconds } = this.#rules;
    response.writeHead(NO_CONTENT, {
      "Access-Control-Allow-Methods": orDefault(allowMethods, PROTOCOL_METHODS).join(", "),
      "Access-Control-Allow-Headers": this.#headersFor(request),
      ...(maxAgeSeconds === undefined ? {} : { "Access-Control-Max-Age": maxAgeSeconds }),
    });
    response.end();
    return NO_CONTENT;
  }

  #headersFor(request: IncomingMessage): string {
    const allowed = orDefault(this.#rules.allowHeaders, PROTOCOL_REQUEST_HEADERS);
    if (!allowed.includes(ANY)) return allowed.join(", ");
    // "*" itself does not hold for calls with credentials, nor for Authorization.
    return request.headers["access-control-request-headers"] ?? ANY;
  }

  #allows(origin: string): boolean {
    return this.#allowsAny || this.#origins.has(origin) || this.#pattern?.test(origin) === true;
  }
}

/** True for what a browser asks before a call. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === "OPTIONS" && headers.origin !== undefined && headers["access-control-request-method"] !== undefined;
}

function orDefault(given: readonly string[] | undefined, byDefault: readonly string[]): readonly string[] {
  return given === undefined || given.length === 0 ? byDefault : given;
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})$`);
  } catch (cause) {
    throw new InvalidArgumentError(`allow_origin_regex is no regular expression: ${(cause as Error).message}`, { cause });
  }
}
