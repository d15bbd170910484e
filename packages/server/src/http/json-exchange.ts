import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { BentoMLError } from "bentoml-core";
import { invalidRequest } from "../protocol/invalid-request.js";
import { BodyReader } from "./body-reader.js";
import { Exchange, type ExchangeRoute } from "./exchange.js";
import { bodyTooLarge } from "./server-errors.js";

/** A body that is no tensor is small. */
const MAX_BODY_BYTES = 1024 * 1024;

/** A POST that takes JSON, or no body at all, and answers JSON, or no body for `undefined`. */
export interface JsonRoute extends ExchangeRoute {
  /** @param body what was sent, undefined for nothing. */
  handle(body: unknown): Promise<unknown>;
}

/** One such request. Nobody asks for its Content-Type: clients send none. */
export class JsonExchange extends Exchange<JsonRoute> {
  static start(route: JsonRoute, request: IncomingMessage, response: ServerResponse): void {
    const exchange = new JsonExchange(route, request, response);
    const refusal = exchange.begin() ?? exchange.#tooLarge();
    if (refusal !== undefined) exchange.fail(refusal);
    else exchange.reader = new BodyReader(request, exchange.connection, route.pipeline, MAX_BODY_BYTES, 0, exchange);
  }

  override bodyArrived(bytes: Buffer): void {
    void this.#handle(bytes);
  }

  /** Told before the body is sent, where its length is. */
  #tooLarge(): BentoMLError | undefined {
    return (this.head.contentLength ?? 0) > MAX_BODY_BYTES ? bodyTooLarge(MAX_BODY_BYTES) : undefined;
  }

  async #handle(bytes: Buffer): Promise<void> {
    try {
      const result = await this.route.handle(parsed(bytes));
      if (this.canAnswer()) this.#send(result);
    } catch (error) {
      this.fail(error);
    }
  }

  #send(result: unknown): void {
    const body = Buffer.from(result === undefined ? "" : JSON.stringify(result));
    this.response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length });
    this.response.end(body);
    this.answered();
  }
}

function parsed(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString());
  } catch (cause) {
    throw invalidRequest(`the body is not JSON: ${(cause as Error).message}`);
  }
}
