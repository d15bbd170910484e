import type { Answer } from "../http/answer.js";
import type { ErrorAnswerer } from "../http/error-answerer.js";
import type { ExchangeRoute } from "../http/exchange.js";
import type { Endpoint, RequestPipeline } from "../http/request-pipeline.js";
import type { ServerLimits } from "../http/server-limits.js";
import type { Api } from "./api.js";

/** What the routes of a service's APIs share. */
export interface ApiSetting {
  readonly pipeline: RequestPipeline;
  readonly limits: ServerLimits;
  readonly errors: ErrorAnswerer;
  readonly compressResponses: boolean;
  /** False until the service's startup hooks are done. */
  readonly isStarted: () => boolean;
}

/** The route of one API. Made once; a request adds one ApiExchange. */
export class ApiRoute implements ExchangeRoute {
  readonly pipeline: RequestPipeline;
  readonly limits: ServerLimits;
  readonly compressResponses: boolean;
  readonly #setting: ApiSetting;

  constructor(
    readonly api: Api,
    readonly endpoint: Endpoint,
    setting: ApiSetting,
  ) {
    this.pipeline = setting.pipeline;
    this.limits = setting.limits;
    this.compressResponses = setting.compressResponses;
    this.#setting = setting;
  }

  get isStarted(): boolean {
    return this.#setting.isStarted();
  }

  get timeoutMs(): number {
    return this.api.timeoutMs ?? this.limits.callTimeoutMs;
  }

  answerError(error: unknown, response: Answer, requestId: string | undefined): number {
    return this.#setting.errors.answer(error, response, { endpoint: this.endpoint.metrics.endpoint, requestId });
  }

  /** Tells of an error that came when the answer had begun. */
  report(error: unknown, requestId: string): void {
    this.#setting.errors.report(error, { endpoint: this.endpoint.metrics.endpoint, requestId });
  }
}
