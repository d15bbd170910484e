import type { IncomingMessage, ServerResponse } from "node:http";
import { CALLS_TYPE, defaultFrameLimits, mediaType, runnerHeaders, type FrameLimits } from "bentoml-core";
import type { ErrorAnswerer } from "../http/error-answerer.js";
import type { Endpoint, RequestPipeline } from "../http/request-pipeline.js";
import type { ServerLimits } from "../http/server-limits.js";
import { BundleExchange } from "./bundle-exchange.js";
import type { BundlesUnderWay } from "./bundles-under-way.js";
import { answerCancellation } from "./cancellation-answer.js";
import { RunnerExchange } from "./runner-exchange.js";
import type { MethodToServe } from "./runner-to-serve.js";

/** What all methods of a runner server share. */
export interface MethodSetting {
  readonly pipeline: RequestPipeline;
  readonly limits: ServerLimits;
  readonly errors: ErrorAnswerer;
  readonly bundles: BundlesUnderWay;
  /** Stands for requests that give calls up. They are not counted: they are no calls. */
  readonly cancellations: Endpoint;
}

const cancelHeader = runnerHeaders.cancel.toLowerCase();

/** Answers the calls of one method. Made once; a call adds one RunnerExchange. */
export class MethodRoute {
  readonly method: MethodToServe;
  readonly endpoint: Endpoint;
  readonly pipeline: RequestPipeline;
  readonly limits: ServerLimits;
  readonly frameLimits: FrameLimits;
  readonly bundles: BundlesUnderWay;
  /** Value of the header `Server`, as the original has it, less the number of the worker. */
  readonly #signature: string;
  readonly #errors: ErrorAnswerer;
  readonly #setting: MethodSetting;

  constructor(runnerName: string, method: MethodToServe, endpoint: Endpoint, setting: MethodSetting) {
    this.method = method;
    this.endpoint = endpoint;
    this.pipeline = setting.pipeline;
    this.limits = setting.limits;
    this.frameLimits = { ...defaultFrameLimits, maxFrameBytes: setting.limits.maxBodyBytes };
    this.#signature = `BentoML-Runner/${runnerName}/${encodeURIComponent(method.name)}`;
    this.bundles = setting.bundles;
    this.#errors = setting.errors;
    this.#setting = setting;
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader("Server", this.#signature);
    const { headers } = request;
    if (headers[cancelHeader] !== undefined) return answerCancellation(this.#setting, request, response);
    if (mediaType(headers["content-type"]) === CALLS_TYPE) BundleExchange.start(this, request, response);
    else RunnerExchange.start(this, request, response);
  }

  /** Answers an error and gives the status it was answered with. */
  answerError(error: unknown, response: ServerResponse, requestId: string | undefined): number {
    return this.#errors.answer(error, response, { endpoint: this.endpoint.metrics.endpoint, requestId });
  }

  /** Tells of an error that came too late for a status. */
  report(error: unknown, requestId: string | undefined): void {
    this.#errors.report(error, { endpoint: this.endpoint.metrics.endpoint, requestId: requestId ?? "-" });
  }
}
