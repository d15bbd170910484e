import type { IncomingMessage, ServerResponse } from "node:http";
import type { CallOptions, NamedTensors } from "bentoml-core";
import { GenerateResponseWriter } from "../protocol/generate-response.js";
import { isStream, methodOf, type ServableMethod, type ServedModel } from "../served-model.js";
import type { RequestStatistics } from "../statistics/request-statistics.js";
import type { Answer } from "./answer.js";
import type { ErrorAnswerer } from "./error-answerer.js";
import { GenerateExchange } from "./generate-exchange.js";
import type { InFlight } from "./in-flight.js";
import type { InferSetting } from "./infer-route.js";
import type { Endpoint, RequestPipeline } from "./request-pipeline.js";
import type { ServerLimits } from "./server-limits.js";

/** `generate` answers once, `generate_stream` with any number of events. */
export type GenerateAction = "generate" | "generate_stream";

/** Answers one action of the generate extension for one model. Made once; a request adds one GenerateExchange. */
export class GenerateRoute {
  readonly pipeline: RequestPipeline;
  readonly limits: ServerLimits;
  readonly writer: GenerateResponseWriter;
  readonly statistics: RequestStatistics;
  readonly #errors: ErrorAnswerer;
  readonly #method: ServableMethod;

  constructor(
    readonly model: ServedModel,
    readonly action: GenerateAction,
    readonly endpoint: Endpoint,
    readonly inFlight: InFlight,
    setting: InferSetting,
  ) {
    this.pipeline = setting.pipeline;
    this.limits = setting.limits;
    this.writer = new GenerateResponseWriter(model.name, model.version, model.outputs);
    this.statistics = setting.statistics.requestsOf(model);
    this.#errors = setting.errors;
    this.#method = methodOf(model.runner, model.method);
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    this.inFlight.began();
    GenerateExchange.start(this, request, response);
  }

  /** The model's answers as JSON: one, or those of its stream. Each is written in the turn in which it arrives, when its memory is still its own. */
  async *answers(inputs: NamedTensors, id: string | undefined, options: CallOptions): AsyncGenerator<string, void, undefined> {
    const bound = this.#method.with(options);
    if (isStream(this.#method)) {
      const streaming = bound as { stream(inputs: NamedTensors): AsyncIterable<unknown> };
      for await (const answer of streaming.stream(inputs)) yield this.writer.write(answer, id);
    } else {
      yield this.writer.write(await (bound as (inputs: NamedTensors) => Promise<unknown>)(inputs), id);
    }
  }

  /** Answers an error and gives the status it was answered with. */
  answerError(error: unknown, response: Answer, requestId: string | undefined): number {
    return this.#errors.answer(error, response, { endpoint: this.endpoint.metrics.endpoint, requestId });
  }

  /** Tells of an error that came when the answer had begun. */
  report(error: unknown, requestId: string | undefined): void {
    this.#errors.report(error, { endpoint: this.endpoint.metrics.endpoint, requestId: requestId ?? "-" });
  }
}
