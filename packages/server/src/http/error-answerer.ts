import { randomUUID } from "node:crypto";
import { failureOf } from "../protocol/failure.js";
import type { Answer } from "./answer.js";
import { jsonErrors, type ErrorForm } from "./error-form.js";
import { answerError } from "./plain-answer.js";

/** Where an unexpected error happened. */
export interface ErrorContext {
  /** The route's pattern; "(server)" for an error of the server itself, such as no file descriptor for a connection. */
  readonly endpoint: string;
  /** Also in the answer's X-Request-Id, so that a client's report leads to the log. "-" where there is no request. */
  readonly requestId: string;
}

/** Told of each error that nobody threw on purpose; the client sees only a 500. */
export type UnexpectedErrorListener = (error: unknown, context: ErrorContext) => void;

/** Turns whatever was thrown into an answer. */
export class ErrorAnswerer {
  readonly #onUnexpected: UnexpectedErrorListener;
  readonly #form: ErrorForm;

  constructor(onUnexpected: UnexpectedErrorListener, form: ErrorForm = jsonErrors) {
    this.#onUnexpected = onUnexpected;
    this.#form = form;
  }

  /** Answers on the bare response and gives the status. */
  answer(error: unknown, response: Answer, where: { endpoint: string; requestId: string | undefined }): number {
    const failure = failureOf(error);
    if (failure.isExpected) {
      answerError(response, error, this.#form);
    } else {
      const requestId = where.requestId ?? randomUUID();
      if (!response.headersSent) response.setHeader("X-Request-Id", requestId);
      answerError(response, error, this.#form);
      this.report(error, { endpoint: where.endpoint, requestId });
    }
    return failure.status;
  }

  /** Tells the listener. One that throws must not take the server down with it. */
  report(error: unknown, context: ErrorContext): void {
    try {
      this.#onUnexpected(error, context);
    } catch (listenerError) {
      warn(error, context);
      warn(listenerError, context);
    }
  }
}

/** What a server does with unexpected errors when it is not told otherwise: a process warning, which Node writes to standard error. */
export function warn(error: unknown, { endpoint, requestId }: ErrorContext): void {
  process.emitWarning(`Unexpected error on ${endpoint}, request ${requestId}`, {
    type: "BentoMLServerError",
    code: "BENTOML_UNEXPECTED_ERROR",
    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}
