import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isBentoMLError, traceContextOf } from "bentoml-core";
import { parseGenerateRequest, type GenerateRequest } from "../protocol/generate-request.js";
import { invalidRequest } from "../protocol/invalid-request.js";
import { BodyDecoder } from "./body-decoder.js";
import { BodyReader } from "./body-reader.js";
import { jsonErrors } from "./error-form.js";
import { Exchange } from "./exchange.js";
import type { GenerateRoute } from "./generate-route.js";
import { pacedWrite } from "./paced-write.js";
import { TimedSignal } from "./timed-signal.js";

const EVENT_STREAM_TYPE = "text/event-stream; charset=utf-8";

type Answers = AsyncGenerator<string, void, undefined>;

/** One request of the generate extension: body, call, one answer or a stream of events. */
export class GenerateExchange extends Exchange<GenerateRoute> {
  readonly #decoder: BodyDecoder;

  private constructor(route: GenerateRoute, request: IncomingMessage, response: ServerResponse) {
    super(route, request, response);
    this.#decoder = new BodyDecoder(route.pipeline, route.limits.maxBodyBytes);
  }

  static start(route: GenerateRoute, request: IncomingMessage, response: ServerResponse): void {
    const exchange = new GenerateExchange(route, request, response);
    const refusal = exchange.begin();
    if (refusal !== undefined) exchange.fail(refusal);
    else exchange.reader = new BodyReader(request, exchange.connection, route.pipeline, route.limits.maxBodyBytes, 0, exchange);
  }

  override bodyArrived(bytes: Buffer): void {
    void this.#handle(bytes);
  }

  protected override get heldBytes(): number {
    return super.heldBytes + this.#decoder.heldBytes;
  }

  protected override ended(): void {
    this.route.inFlight.ended();
  }

  async #handle(bytes: Buffer): Promise<void> {
    try {
      const body = await this.#decoder.decode(this.head.contentEncoding, bytes);
      await this.#call(parseGenerateRequest(body, this.route.model.inputs));
    } catch (error) {
      this.fail(error);
    }
  }

  /** The time of a call is the one until its first answer; a time-out that the client asks for is of the whole. */
  async #call({ inputs, id, call }: GenerateRequest): Promise<void> {
    const { route, head } = this;
    const calledAt = performance.now();
    const timed = new TimedSignal(this.connection, route.limits.callTimeoutMs);
    const answers = route.answers(inputs, id, {
      signal: timed.signal,
      priority: call.priority,
      ...(call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs }),
      shareResults: true,
      requestId: head.requestId,
      traceContext: traceContextOf(head.traceparent, head.tracestate),
    });
    let isSuccess = false;
    try {
      if (route.action === "generate") this.#answerOnce(await onlyAnswer(answers));
      else await this.#answerWithEvents(answers, timed);
      isSuccess = true;
    } finally {
      timed.end();
      route.statistics.ended(calledAt, isSuccess);
      // The client may be gone: the stream has to end as well.
      answers.return().catch(() => undefined);
    }
  }

  #answerOnce(json: string): void {
    if (!this.canAnswer()) return;
    const body = Buffer.from(json);
    this.response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length });
    this.response.end(body);
    this.answered();
  }

  /** The first answer decides on the status; what fails later is told in the stream. */
  async #answerWithEvents(answers: Answers, timed: TimedSignal): Promise<void> {
    const first = await answers.next();
    timed.stopTime();
    if (!this.canAnswer()) return;
    // Proxies that collect an answer before they pass it on would make one piece of it.
    this.response.writeHead(200, { "Content-Type": EVENT_STREAM_TYPE, "Cache-Control": "no-cache", "X-Accel-Buffering": "no" });
    await this.#writeEvents(first, answers);
    if (!this.canAnswer()) return;
    this.response.end();
    this.answered();
  }

  async #writeEvents(first: IteratorResult<string, void>, answers: Answers): Promise<void> {
    try {
      for (let next = first; next.done !== true && !this.response.destroyed; next = await answers.next()) {
        await pacedWrite(this.response, eventOf(next.value));
      }
    } catch (error) {
      if (this.connection.isClosed) return;
      if (!isBentoMLError(error)) this.route.report(error, this.head.requestId);
      await pacedWrite(this.response, eventOf(jsonErrors.body(error).toString()));
    }
  }
}

/** JSON has no line ends, so that it is one line of an event. */
function eventOf(json: string): string {
  return `data: ${json}\n\n`;
}

/** Throws InvalidArgumentError (400) when there is not exactly one. */
async function onlyAnswer(answers: Answers): Promise<string> {
  const first = await answers.next();
  if (first.done === true) throw invalidRequest("the model gave no answer, and generate expects exactly one: use generate_stream");
  const second = await answers.next();
  if (second.done !== true) throw invalidRequest("the model gives more than one answer, and generate expects exactly one: use generate_stream");
  return first.value;
}
