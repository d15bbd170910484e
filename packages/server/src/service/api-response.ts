import { validateHeaderName, validateHeaderValue } from "node:http";

/** How a cookie is kept. */
export interface CookieOptions {
  /** Seconds until it is forgotten. Default: when the browser ends. */
  readonly maxAgeSeconds?: number;
  /** Default: the page's own. */
  readonly domain?: string;
  /** Default "/". */
  readonly path?: string;
  /** Only over HTTPS. Default false. */
  readonly secure?: boolean;
  /** Scripts of the page cannot read it. Default true. */
  readonly httpOnly?: boolean;
  /** Whether other sites' requests carry it. Default "lax". */
  readonly sameSite?: "strict" | "lax" | "none";
}

/** These are the server's own. */
const refusedHeaders: readonly string[] = ["content-length", "transfer-encoding", "connection", "keep-alive", "content-encoding", "set-cookie"];
const COOKIE_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const COOKIE_ATTRIBUTE = /^[\x20-\x3a\x3c-\x7e]*$/;

/** What a handler says of its answer besides the value. Errors are answered without it. */
export class ApiResponse {
  #status = 200;
  readonly #headers: Map<string, string> = new Map();
  readonly #cookies: string[] = [];

  /** HTTP status of the answer. Default 200. */
  get status(): number {
    return this.#status;
  }

  /** @throws RangeError for what is no status of an answer with a body: 200 to 599, but 204, 205 and 304. */
  set status(status: number) {
    const hasBody = status !== 204 && status !== 205 && status !== 304;
    if (!Number.isInteger(status) || status < 200 || status > 599 || !hasBody) throw new RangeError(`${status} is no status of an answer with a body`);
    this.#status = status;
  }

  /** Sets a header, also Content-Type. @throws TypeError for those that are the server's, and for what no header can hold. */
  setHeader(name: string, value: string): void {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    const key = name.toLowerCase();
    if (refusedHeaders.includes(key)) throw new TypeError(`the header ${name} is the server's own${key === "set-cookie" ? ": use setCookie" : ""}`);
    this.#headers.set(key, value);
  }

  /** The value is percent-encoded. @throws TypeError for names and attributes that no cookie can have. */
  setCookie(name: string, value: string, { maxAgeSeconds, domain, path = "/", secure = false, httpOnly = true, sameSite = "lax" }: CookieOptions = {}): void {
    if (!COOKIE_NAME.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a cookie`);
    for (const attribute of [domain ?? "", path]) {
      if (!COOKIE_ATTRIBUTE.test(attribute)) throw new TypeError(`${JSON.stringify(attribute)} cannot stand in a cookie`);
    }
    const parts = [
      `${name}=${encodeURIComponent(value)}`,
      ...(maxAgeSeconds === undefined ? [] : [`Max-Age=${Math.trunc(maxAgeSeconds)}`]),
      ...(domain === undefined ? [] : [`Domain=${domain}`]),
      `Path=${path}`,
      ...(secure ? ["Secure"] : []),
      ...(httpOnly ? ["HttpOnly"] : []),
      `SameSite=${sameSite.charAt(0).toUpperCase()}${sameSite.slice(1)}`,
    ];
    this.#cookies.push(parts.join("; "));
  }

  /** What was set. */
  get headers(): Readonly<Record<string, string | readonly string[]>> {
    return { ...Object.fromEntries(this.#headers), ...(this.#cookies.length === 0 ? {} : { "set-cookie": this.#cookies }) };
  }
}
