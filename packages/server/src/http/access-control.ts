import { createHash, timingSafeEqual } from "node:crypto";
import { BentoMLError, InvalidArgumentError } from "bentoml-core";
import type { Answer } from "./answer.js";
import type { RequestHead } from "./request-head.js";

/** The secrets that let a request in; any one of them does. Give two while clients change from the old one to the new one. */
export interface AccessRules {
  /** Taken as `Authorization: Bearer <token>`. */
  readonly tokens?: readonly string[];
  /** Taken in the header `X-API-Key`. */
  readonly apiKeys?: readonly string[];
}

/** Both kinds of digests of a server that was told its secrets. */
interface Digests {
  readonly tokens: readonly Buffer[];
  readonly apiKeys: readonly Buffer[];
}

/** Who may call. Secrets are kept as digests, and compared in a time that tells nothing about them. */
export class AccessControl {
  readonly #digests: Digests;
  readonly #wanted: string;
  readonly #challenge: string;

  /** Throws InvalidArgumentError for no secret at all, and for one that no header can carry. */
  constructor({ tokens = [], apiKeys = [] }: AccessRules) {
    if (tokens.length + apiKeys.length === 0) throw new InvalidArgumentError("access without any token or API key would let nobody in: give at least one, or leave access out");
    this.#digests = { tokens: tokens.map(checkedDigest), apiKeys: apiKeys.map(checkedDigest) };
    const forms = [...(tokens.length > 0 ? ['"Authorization: Bearer <token>"'] : []), ...(apiKeys.length > 0 ? ['"X-API-Key: <key>"'] : [])];
    this.#wanted = forms.join(" or ");
    this.#challenge = tokens.length > 0 ? "Bearer" : "ApiKey";
  }

  /**
   * The error (401) to answer a request with, undefined for one that may come in. The response gets the header that asks for a secret.
   *
   * @param isOpen the route is open to those who bring nothing; a wrong secret is told all the same.
   */
  refusal({ authorization, apiKey }: RequestHead, isOpen: boolean, response: Answer): BentoMLError | undefined {
    const bringsNothing = authorization === undefined && apiKey === undefined;
    if (bringsNothing ? isOpen : this.#isKnown(authorization, apiKey)) return undefined;
    response.setHeader("WWW-Authenticate", this.#challenge);
    const message = bringsNothing ? `this server wants the header ${this.#wanted}` : `the request's secret is not one of this server, which wants the header ${this.#wanted}`;
    return new BentoMLError(message, { code: "UNAUTHORIZED", httpStatus: 401 });
  }

  #isKnown(authorization: string | undefined, apiKey: string | undefined): boolean {
    const token = /^bearer +([\x21-\x7e]+) *$/i.exec(authorization ?? "")?.[1];
    const hasToken = token !== undefined && isOneOf(token, this.#digests.tokens);
    return hasToken || (apiKey !== undefined && isOneOf(apiKey, this.#digests.apiKeys));
  }
}

/** All are compared, whichever fits. */
function isOneOf(secret: string, digests: readonly Buffer[]): boolean {
  const digest = digestOf(secret);
  let found = false;
  for (const known of digests) if (timingSafeEqual(digest, known)) found = true;
  return found;
}

function checkedDigest(secret: string): Buffer {
  if (typeof secret === "string" && /^[\x21-\x7e]+$/.test(secret)) return digestOf(secret);
  throw new InvalidArgumentError("a token or API key must be visible ASCII characters without spaces, and not empty");
}

function digestOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
