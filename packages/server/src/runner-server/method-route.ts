import type { IncomingMessage, ServerResponse } from "node:http";
import { defaultFrameLimits, type FrameLimits } from "bentoml-core";
import type { ErrorAnswerer } from "../http/error-answerer.js";
import type { Endpoint, RequestPipeline } from "../http/request-pipeline.js";
import type { ServerLimits } from "../http/server-limits.js";
import type { BearerToken } from "./bearer-token.js";
import { RunnerExchange } from "./runner-exchange.js";
import type { MethodToServe } from "./runner-to-serve.js";

/** What all methods of a runner server share. */
export interface MethodSetting {
  readonly pipeline: RequestPipeline;
  readonly limits: ServerLimits;
  readonly errors: ErrorAnswerer;
  readonly token: BearerToken | undefined;
}

/** Answers the calls of one method. Made once; a call adds one RunnerExchange. */
export class MethodRoute {
  readonly method: MethodToServe;
  readonly endpoint: Endpoint;
  readonly pipeline: RequestPipeline;
  readonly limits: ServerLimits;
  readonly frameLimits: FrameLimits;
  readonly token: BearerToken | undefined;
  /** Value of the header `Server`, as the original has it, less the number of the worker. */
  readonly #signature: string;
  readonly #errors: ErrorAnswerer;

  constructor(runnerName: string, method: MethodToServe, endpoint: Endpoint, setting: MethodSetting) {
    this.method = method;
    this.endpoint = endpoint;
    this.pipeline = setting.pipeline;
    this.limits = setting.limits;
    this.frameLimits = { ...defaultFrameLimits, maxFrameBytes: setting.limits.maxBodyBytes };
    this.token = setting.token;
    this.#signature = `BentoML-Runner/${runnerName}/${encodeURIComponent(method.name)}`;
    this.#errors = setting.errors;
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader("Server", this.#signature);
    RunnerExchange.start(this, request, response);
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
