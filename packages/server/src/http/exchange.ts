import type { Buffer } from "node:buffer";
import type { ServerResponse } from "node:http";
import type { BentoMLError } from "bentoml-core";
import type { Answer, AskedRequest } from "./answer.js";
import type { BodyReader, BodyReceiver } from "./body-reader.js";
import { Connection } from "./connection.js";
import { readRequestHead, type RequestHead } from "./request-head.js";
import type { Endpoint, RequestPipeline } from "./request-pipeline.js";
import { CLIENT_GONE } from "./response-end.js";

/** What an exchange has to know of its route. */
export interface ExchangeRoute {
  readonly pipeline: RequestPipeline;
  readonly endpoint: Endpoint;
  /** Answers an error and gives the status it was answered with. */
  answerError(error: unknown, response: Answer, requestId: string | undefined): number;
}

/** A request on its way: head, body, call, answer. Ends in exactly one of `answered` and `fail`. */
export abstract class Exchange<Route extends ExchangeRoute, Response extends Answer = ServerResponse> implements BodyReceiver {
  protected readonly connection: Connection;
  protected readonly head: RequestHead;
  protected reader: BodyReader | undefined;
  readonly #startedAt: number;

  protected constructor(
    protected readonly route: Route,
    request: AskedRequest,
    protected readonly response: Response,
  ) {
    this.#startedAt = performance.now();
    this.connection = Connection.of(request.socket);
    this.head = readRequestHead(request.rawHeaders);
  }

  abstract bodyArrived(bytes: Buffer): void;

  bodyFailed(error: BentoMLError): void {
    this.fail(error);
  }

  /** Lets the request in, or gives the error to fail with. */
  protected begin(): BentoMLError | undefined {
    return this.route.pipeline.begin(this.route.endpoint, this.head, this.response, this.#startedAt);
  }

  /** Bytes that the request took of the memory for bodies. */
  protected get heldBytes(): number {
    return this.reader?.heldBytes ?? 0;
  }

  /** To be asked before an answer is written. False when nobody is there to read it: then the exchange has ended. */
  protected canAnswer(): boolean {
    if (this.connection.isClosed) {
      this.#finish(CLIENT_GONE);
      return false;
    }
    if (this.route.pipeline.isDraining) this.response.shouldKeepAlive = false;
    return true;
  }

  protected fail(error: unknown): void {
    if (this.canAnswer()) this.#finish(this.route.answerError(error, this.response, this.head.requestId));
  }

  /** The answer is written. */
  protected answered(status = 200): void {
    this.#finish(status);
  }

  /** Is called once, at the end. */
  protected ended(): void {
    // Nothing to do, unless a kind of exchange says so.
  }

  #finish(status: number): void {
    const { pipeline, endpoint } = this.route;
    pipeline.releaseBytes(this.heldBytes);
    pipeline.finish(endpoint, status, this.#startedAt);
    this.ended();
  }
}
