import type { IncomingMessage, ServerResponse } from "node:http";
import { traceContextOf, type CallOptions, type NamedTensors } from "bentoml-core";
import { NO_CALL_PARAMETERS, type CallParameters } from "../protocol/call-parameters.js";
import type { InferRequest } from "../protocol/infer-request.js";
import { InferResponseWriter } from "../protocol/infer-response.js";
import { methodOf, type ServableMethod, type ServedModel } from "../served-model.js";
import type { Connection } from "./connection.js";
import type { ErrorAnswerer } from "./error-answerer.js";
import { InferExchange } from "./infer-exchange.js";
import type { RequestHead } from "./request-head.js";
import type { Endpoint, RequestPipeline } from "./request-pipeline.js";
import type { ServerLimits } from "./server-limits.js";

/** What all infer routes of a server share. */
export interface InferSetting {
  readonly pipeline: RequestPipeline;
  readonly limits: ServerLimits;
  readonly compressResponses: boolean;
  readonly errors: ErrorAnswerer;
}

type Caller = (inputs: NamedTensors) => Promise<unknown>;

/** Answers the infer requests of one model, on plain node:http. Made once; a request adds one InferExchange. */
export class InferRoute {
  readonly model: ServedModel;
  readonly endpoint: Endpoint;
  readonly pipeline: RequestPipeline;
  readonly limits: ServerLimits;
  readonly compressResponses: boolean;
  readonly writer: InferResponseWriter;
  readonly #errors: ErrorAnswerer;
  readonly #method: ServableMethod;
  /** A connection's requests mostly go to one model: its caller, signal and time-out bound, is made once. */
  readonly #callers: WeakMap<Connection, Caller> = new WeakMap();
  #inFlight = 0;
  readonly #idleListeners: (() => void)[] = [];

  constructor(model: ServedModel, endpoint: Endpoint, setting: InferSetting) {
    this.model = model;
    this.endpoint = endpoint;
    this.pipeline = setting.pipeline;
    this.limits = setting.limits;
    this.compressResponses = setting.compressResponses;
    this.writer = new InferResponseWriter(model.name, model.version, model.outputs);
    this.#errors = setting.errors;
    this.#method = methodOf(model.runner, model.method);
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    this.#inFlight++;
    InferExchange.start(this, request, response);
  }

  /** To be called once by every exchange, when it has ended. */
  exchangeEnded(): void {
    this.#inFlight--;
    if (this.#inFlight === 0) for (const tell of this.#idleListeners.splice(0)) tell();
  }

  /** Resolves when no request is being answered. */
  async idle(): Promise<void> {
    if (this.#inFlight > 0) await new Promise<void>((resolve) => this.#idleListeners.push(resolve));
  }

  /** Calls the model. The result may only be read until the end of the turn in which it arrives. */
  call(connection: Connection, head: RequestHead, { inputs, call }: InferRequest): Promise<unknown> {
    if (head.requestId !== undefined || head.traceparent !== undefined || call !== NO_CALL_PARAMETERS) return this.#bind(connection, head, call)(inputs);
    let caller = this.#callers.get(connection);
    if (caller === undefined) {
      caller = this.#bind(connection, head, call);
      this.#callers.set(connection, caller);
    }
    return caller(inputs);
  }

  /** Answers an error and gives the status it was answered with. */
  answerError(error: unknown, response: ServerResponse, requestId: string | undefined): number {
    return this.#errors.answer(error, response, { endpoint: this.endpoint.metrics.endpoint, requestId });
  }

  #bind(connection: Connection, { requestId, traceparent, tracestate }: RequestHead, { priority, timeoutMs = Infinity }: CallParameters): Caller {
    const options: CallOptions = {
      signal: connection.signal,
      timeoutMs: Math.min(timeoutMs, this.limits.callTimeoutMs),
      priority,
      shareResults: true,
      requestId,
      traceContext: traceContextOf(traceparent, tracestate),
    };
    return this.#method.with(options) as Caller;
  }
}
