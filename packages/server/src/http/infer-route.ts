import { traceContextOf, type CallOptions, type NamedTensors } from "bentoml-core";
import { NO_CALL_PARAMETERS, type CallParameters } from "../protocol/call-parameters.js";
import type { InferRequest } from "../protocol/infer-request.js";
import { InferResponseWriter } from "../protocol/infer-response.js";
import { invalidRequest, quoted } from "../protocol/invalid-request.js";
import { isStream, methodOf, type ServableMethod, type ServedModel } from "../served-model.js";
import type { ModelStatistics } from "../statistics/model-statistics.js";
import type { RequestStatistics } from "../statistics/request-statistics.js";
import type { Answer, ArrivingRequest } from "./answer.js";
import type { Connection } from "./connection.js";
import type { ErrorAnswerer } from "./error-answerer.js";
import type { InFlight } from "./in-flight.js";
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
  readonly statistics: ModelStatistics;
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
  readonly statistics: RequestStatistics;
  readonly #errors: ErrorAnswerer;
  readonly #method: ServableMethod;
  readonly #inFlight: InFlight;
  /** A connection's requests mostly go to one model: its caller, signal and time-out bound, is made once. */
  readonly #callers: WeakMap<Connection, Caller> = new WeakMap();

  constructor(model: ServedModel, endpoint: Endpoint, inFlight: InFlight, setting: InferSetting) {
    this.model = model;
    this.endpoint = endpoint;
    this.pipeline = setting.pipeline;
    this.limits = setting.limits;
    this.compressResponses = setting.compressResponses;
    this.writer = new InferResponseWriter(model.name, model.version, model.outputs, model.labels);
    this.statistics = setting.statistics.requestsOf(model);
    this.#errors = setting.errors;
    this.#inFlight = inFlight;
    this.#method = methodOf(model.runner, model.method);
  }

  answer(request: ArrivingRequest, response: Answer): void {
    this.#inFlight.began();
    InferExchange.start(this, request, response);
  }

  /** To be called once by every exchange, when it has ended. */
  exchangeEnded(): void {
    this.#inFlight.ended();
  }

  /** Throws InvalidArgumentError for a model that answers with a stream. */
  checkAnswersOnce(): void {
    if (isStream(this.#method)) throw invalidRequest(`the model ${quoted(this.model.name)} answers with a stream: use generate_stream`);
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
  answerError(error: unknown, response: Answer, requestId: string | undefined): number {
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
