import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { STREAM_TYPE, encodeReply, type CallOptions, type Reply } from "bentoml-core";
import { BodyReader } from "../http/body-reader.js";
import { Exchange } from "../http/exchange.js";
import { callArguments } from "./call-arguments.js";
import { callMarks, callTimeoutMs, checkContentEncoding, checkWireVersion } from "./call-head.js";
import { replyOf } from "./call-reply.js";
import type { MethodRoute } from "./method-route.js";
import { callOf, streamOf } from "./runner-to-serve.js";
import { StreamWriter } from "./stream-writer.js";

/** One call of a method: head, body, arguments, call, answer. */
export class RunnerExchange extends Exchange<MethodRoute> {
  readonly #request: IncomingMessage;

  private constructor(route: MethodRoute, request: IncomingMessage, response: ServerResponse) {
    super(route, request, response);
    this.#request = request;
  }

  static start(route: MethodRoute, request: IncomingMessage, response: ServerResponse): void {
    new RunnerExchange(route, request, response).#begin();
  }

  override bodyArrived(bytes: Buffer): void {
    try {
      const args = callArguments(this.#request.headers, bytes, this.route.frameLimits);
      if (!(args instanceof Promise)) return this.#call(args);
      args.then(
        (ready) => this.#call(ready),
        (error: unknown) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  /** All that the head alone can be refused for, before a byte of the body is kept. */
  #begin(): void {
    const { pipeline, limits } = this.route;
    const { headers } = this.#request;
    const refusal = this.begin();
    if (refusal !== undefined) return this.fail(refusal);
    try {
      checkWireVersion(headers);
      checkContentEncoding(headers);
      callTimeoutMs(headers, limits.callTimeoutMs);
    } catch (error) {
      return this.fail(error);
    }
    this.reader = new BodyReader(this.#request, this.connection, pipeline, limits.maxBodyBytes, 0, this);
  }

  #call(args: readonly unknown[]): void {
    const { method } = this.route;
    try {
      const options = this.#callOptions();
      if (method.config.stream) {
        void this.#stream(streamOf(method, options, args));
        return;
      }
      callOf(method, options)(...args).then(
        (result) => this.#answer(result),
        (error: unknown) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  #callOptions(): CallOptions {
    const { headers } = this.#request;
    return {
      ...callMarks(headers, this.head),
      signal: this.connection.signal,
      timeoutMs: callTimeoutMs(headers, this.route.limits.callTimeoutMs),
      requestId: this.head.requestId,
      shareResults: true,
    };
  }

  /** Runs in the turn in which the result arrived: after it, the memory of its tensors may belong to another call. */
  #answer(result: unknown): void {
    try {
      const reply = replyOf(result, this.route.method);
      if (!(reply instanceof Promise)) return this.#send(reply);
      reply.then(
        (ready) => this.#send(ready),
        (error: unknown) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  #send(reply: Reply): void {
    if (!this.canAnswer()) return;
    const message = encodeReply(reply);
    // One copy, now: the socket may take its time.
    const body = Buffer.concat(message.body);
    this.response.writeHead(200, { ...message.headers, "Content-Length": body.length });
    this.response.end(body);
    this.answered();
  }

  /** The first item decides on the status; what fails later is told in the stream. */
  async #stream(items: AsyncGenerator<unknown, void, undefined>): Promise<void> {
    try {
      const first = await items.next();
      if (!this.canAnswer()) return;
      this.response.writeHead(200, { "Content-Type": STREAM_TYPE });
      const writer = new StreamWriter(this.response, this.route.method);
      const unexpected = await writer.write(first, items);
      if (unexpected !== undefined) this.route.report(unexpected.reason, this.head.requestId);
      if (!this.canAnswer()) return;
      this.response.end();
      this.answered();
    } catch (error) {
      this.fail(error);
    } finally {
      // The client may be gone: its generator has to end as well.
      items.return().catch(() => undefined);
    }
  }
}
