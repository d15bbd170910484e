import { Buffer } from "node:buffer";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { STREAM_TYPE, encodeReply, type BentoMLError, type CallOptions, type Reply } from "bentoml-core";
import { BodyReader, type BodyReceiver } from "../http/body-reader.js";
import { Connection } from "../http/connection.js";
import { readRequestHead, type RequestHead } from "../http/request-head.js";
import { callArguments } from "./call-arguments.js";
import { callMarks, callTimeoutMs, checkContentEncoding, checkWireVersion } from "./call-head.js";
import { replyOf } from "./call-reply.js";
import type { MethodRoute } from "./method-route.js";
import { callOf, streamOf } from "./runner-to-serve.js";
import { StreamWriter } from "./stream-writer.js";

/** Status that metrics count a request under whose client went before it was answered. */
const CLIENT_GONE = 499;

/** One call of a method: head, body, arguments, call, answer. Ends in exactly one of `#send`, `#endStream` and `#fail`. */
export class RunnerExchange implements BodyReceiver {
  readonly #route: MethodRoute;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #connection: Connection;
  readonly #head: RequestHead;
  readonly #startedAt: number;
  #reader: BodyReader | undefined;

  private constructor(route: MethodRoute, request: IncomingMessage, response: ServerResponse) {
    this.#startedAt = performance.now();
    this.#route = route;
    this.#request = request;
    this.#response = response;
    this.#connection = Connection.of(request.socket);
    this.#head = readRequestHead(request.rawHeaders);
  }

  static start(route: MethodRoute, request: IncomingMessage, response: ServerResponse): void {
    new RunnerExchange(route, request, response).#begin();
  }

  bodyArrived(bytes: Buffer): void {
    try {
      const args = callArguments(this.#request.headers, bytes, this.#route.frameLimits);
      if (!(args instanceof Promise)) return this.#call(args);
      args.then(
        (ready) => this.#call(ready),
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  bodyFailed(error: BentoMLError): void {
    this.#fail(error);
  }

  /** All that the head alone can be refused for, before a byte of the body is kept. */
  #begin(): void {
    const { pipeline, endpoint, limits, token } = this.#route;
    const { headers } = this.#request;
    const refusal = pipeline.begin(endpoint, this.#head, this.#response, this.#startedAt);
    if (refusal !== undefined) return this.#fail(refusal);
    try {
      token?.check(headers.authorization, this.#response);
      checkWireVersion(headers);
      checkContentEncoding(headers);
      callTimeoutMs(headers, limits.callTimeoutMs);
    } catch (error) {
      return this.#fail(error);
    }
    this.#reader = new BodyReader(this.#request, this.#connection, pipeline, limits.maxBodyBytes, 0, this);
  }

  #call(args: readonly unknown[]): void {
    const { method } = this.#route;
    try {
      const options = this.#callOptions();
      if (method.config.stream) {
        void this.#stream(streamOf(method, options, args));
        return;
      }
      callOf(method, options)(...args).then(
        (result) => this.#answer(result),
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  #callOptions(): CallOptions {
    const { headers } = this.#request;
    return {
      ...callMarks(headers),
      signal: this.#connection.signal,
      timeoutMs: callTimeoutMs(headers, this.#route.limits.callTimeoutMs),
      requestId: this.#head.requestId,
      shareResults: true,
    };
  }

  /** Runs in the turn in which the result arrived: after it, the memory of its tensors may belong to another call. */
  #answer(result: unknown): void {
    try {
      const reply = replyOf(result, this.#route.method);
      if (!(reply instanceof Promise)) return this.#send(reply);
      reply.then(
        (ready) => this.#send(ready),
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  #send(reply: Reply): void {
    if (this.#connection.isClosed) return this.#finish(CLIENT_GONE);
    const message = encodeReply(reply);
    // One copy, now: the socket may take its time.
    const body = Buffer.concat(message.body);
    this.#writeHead({ ...message.headers, "Content-Length": body.length });
    this.#response.end(body);
    this.#finish(200);
  }

  /** The first item decides on the status; what fails later is told in the stream. */
  async #stream(items: AsyncGenerator<unknown, void, undefined>): Promise<void> {
    try {
      const first = await items.next();
      if (this.#connection.isClosed) {
        this.#finish(CLIENT_GONE);
        return;
      }
      this.#writeHead({ "Content-Type": STREAM_TYPE });
      const writer = new StreamWriter(this.#response, this.#route.method);
      const unexpected = await writer.write(first, items);
      if (unexpected !== undefined) this.#route.report(unexpected.reason, this.#head.requestId);
      this.#endStream();
    } catch (error) {
      this.#fail(error);
    } finally {
      // The client may be gone: its generator has to end as well.
      items.return().catch(() => undefined);
    }
  }

  #endStream(): void {
    if (this.#connection.isClosed) return this.#finish(CLIENT_GONE);
    this.#response.end();
    this.#finish(200);
  }

  #writeHead(headers: OutgoingHttpHeaders): void {
    if (this.#route.pipeline.isDraining) this.#response.shouldKeepAlive = false;
    this.#response.writeHead(200, headers);
  }

  #fail(error: unknown): void {
    if (this.#connection.isClosed) return this.#finish(CLIENT_GONE);
    if (this.#route.pipeline.isDraining) this.#response.shouldKeepAlive = false;
    this.#finish(this.#route.answerError(error, this.#response, this.#head.requestId));
  }

  #finish(status: number): void {
    const { pipeline, endpoint } = this.#route;
    pipeline.releaseBytes(this.#reader?.heldBytes ?? 0);
    pipeline.finish(endpoint, status, this.#startedAt);
  }
}
