import type { IncomingMessage, ServerResponse } from "node:http";
import type { ErrorAnswerer } from "./error-answerer.js";
import { readRequestHead } from "./request-head.js";
import type { Endpoint, RequestPipeline } from "./request-pipeline.js";

/** What an answer needs to take part in the pipeline. */
export interface AnswerSetting {
  readonly pipeline: RequestPipeline;
  readonly errors: ErrorAnswerer;
}

/** Answers a request for which no body has to be read. `answer` writes it and gives its status, or throws the error to answer with. */
export function answerAtOnce({ pipeline, errors }: AnswerSetting, endpoint: Endpoint, request: IncomingMessage, response: ServerResponse, answer: () => number): void {
  const startedAt = performance.now();
  const head = readRequestHead(request.rawHeaders);
  const answerError = (error: unknown): number => errors.answer(error, response, { endpoint: endpoint.metrics.endpoint, requestId: head.requestId });
  const refusal = pipeline.begin(endpoint, head, response, startedAt);
  let status: number;
  try {
    status = refusal === undefined ? answer() : answerError(refusal);
  } catch (error) {
    status = answerError(error);
  }
  pipeline.finish(endpoint, status, startedAt);
}
