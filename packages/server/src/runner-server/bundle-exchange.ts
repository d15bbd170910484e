import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { InvalidArgumentError, REPLIES_TYPE, ReplyWriter, decodeBundle, type BentoMLError, type ReadCall } from "bentoml-core";
import { BodyReader, type BodyReceiver } from "../http/body-reader.js";
import { Connection } from "../http/connection.js";
import { readRequestHead, type RequestHead } from "../http/request-head.js";
import { CLIENT_GONE } from "../http/response-end.js";
import { clientHasGone } from "../http/server-errors.js";
import { BundledRun, type BundledOutcome } from "./bundled-run.js";
import { announcedCalls, checkBundleHead } from "./bundle-head.js";
import type { CancellableBundle } from "./bundles-under-way.js";
import type { MethodRoute } from "./method-route.js";

/**
 * A request with several calls of a method. Each is counted, run, answered and given up by itself; replies are written as they are ready,
 * those of one turn of the event loop together.
 */
export class BundleExchange implements BodyReceiver, CancellableBundle {
  readonly #route: MethodRoute;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #connection: Connection;
  readonly #head: RequestHead;
  readonly #startedAt = performance.now();
  #reader: BodyReader | undefined;
  #name: string | undefined;
  #runs: readonly BundledRun[] = [];
  /** Places of calls that were given up before their arguments had come. */
  #cancelledEarly: Set<number> | undefined;
  #running = 0;
  /** Replies that are ready and not written. */
  #ready: Buffer[] = [];
  #flushes = false;

  private constructor(route: MethodRoute, request: IncomingMessage, response: ServerResponse) {
    this.#route = route;
    this.#request = request;
    this.#response = response;
    this.#connection = Connection.of(request.socket);
    this.#head = readRequestHead(request.rawHeaders);
  }

  static start(route: MethodRoute, request: IncomingMessage, response: ServerResponse): void {
    new BundleExchange(route, request, response).#begin();
  }

  bodyArrived(bytes: Buffer): void {
    let calls: ReadCall[];
    try {
      calls = decodeBundle(bytes, announcedCalls(this.#request.headers) as number, this.#route.frameLimits);
    } catch (error) {
      return this.#refuse(error);
    }
    this.#run(calls);
  }

  bodyFailed(error: BentoMLError): void {
    this.#refuse(error);
  }

  cancel(place: number): void {
    if (this.#runs.length === 0) (this.#cancelledEarly ??= new Set()).add(place);
    this.#runs[place]?.giveUp(clientHasGone());
  }

  /** All that the head alone can be refused for, before a byte of the body is kept. */
  #begin(): void {
    const { pipeline, endpoint, limits, bundles, method } = this.#route;
    const refusal = pipeline.begin(endpoint, this.#head, this.#response, this.#startedAt);
    if (refusal !== undefined) return this.#refuse(refusal);
    try {
      const name = checkBundleHead(this.#request.headers, method);
      if (!bundles.add(name, this)) throw new InvalidArgumentError("another request of this name is under way: give each a name of its own");
      this.#name = name;
    } catch (error) {
      return this.#refuse(error);
    }
    this.#reader = new BodyReader(this.#request, this.#connection, pipeline, limits.maxBodyBytes, 0, this);
  }

  #run(calls: readonly ReadCall[]): void {
    const { pipeline, endpoint } = this.#route;
    // The first was let in with the request.
    const refusals = calls.map((_call, place) => (place === 0 ? undefined : pipeline.beginAnother(endpoint, this.#startedAt)));
    this.#running = calls.length;
    const { signal } = this.#connection;
    const writer = new ReplyWriter();
    this.#runs = calls.map((_call, place) => new BundledRun(this.#route, this.#head, signal, place, writer, (outcome) => this.#settled(outcome)));
    this.#runs.forEach((run, place) => {
      if (this.#cancelledEarly?.has(place) === true) run.giveUp(clientHasGone());
      const refusal = refusals[place];
      run.start(refusal === undefined ? (calls[place] as ReadCall) : { error: refusal });
    });
  }

  #settled(outcome: BundledOutcome): void {
    const { pipeline, endpoint } = this.#route;
    const isWanted = outcome !== undefined && !this.#connection.isClosed;
    if (isWanted) this.#ready.push(outcome.bytes);
    pipeline.finish(endpoint, isWanted ? outcome.status : CLIENT_GONE, this.#startedAt);
    this.#running--;
    if (this.#running === 0) this.#end();
    else this.#flushSoon();
  }

  /** After all promises that are settled by now: mostly those of a whole batch. */
  #flushSoon(): void {
    if (this.#flushes) return;
    this.#flushes = true;
    process.nextTick(() => {
      this.#flushes = false;
      if (this.#running > 0 && this.#ready.length > 0 && !this.#connection.isClosed) this.#response.write(this.#body());
    });
  }

  #end(): void {
    this.#finish();
    if (this.#connection.isClosed) return;
    const body = this.#body();
    if (!this.#response.headersSent) this.#response.setHeader("Content-Length", body.length);
    this.#response.end(body);
  }

  #body(): Buffer {
    if (!this.#response.headersSent) {
      if (this.#route.pipeline.isDraining) this.#response.shouldKeepAlive = false;
      this.#response.setHeader("Content-Type", REPLIES_TYPE);
    }
    const body = Buffer.concat(this.#ready);
    this.#ready = [];
    return body;
  }

  /** The whole request is answered with one error, which every one of its calls is counted with. */
  #refuse(error: unknown): void {
    const { pipeline, endpoint } = this.#route;
    const count = announcedCalls(this.#request.headers) ?? 1;
    for (let place = 1; place < count; place++) pipeline.beginAnother(endpoint, this.#startedAt);
    if (!this.#connection.isClosed && pipeline.isDraining) this.#response.shouldKeepAlive = false;
    const status = this.#connection.isClosed ? CLIENT_GONE : this.#route.answerError(error, this.#response, this.#head.requestId);
    for (let place = 0; place < count; place++) pipeline.finish(endpoint, status, this.#startedAt);
    this.#finish();
  }

  #finish(): void {
    if (this.#name !== undefined) this.#route.bundles.delete(this.#name);
    this.#route.pipeline.releaseBytes(this.#reader?.heldBytes ?? 0);
    this.#runs = [];
  }
}
