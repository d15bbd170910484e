import { isBentoMLError } from "bentoml-core";

/** How an error is answered. */
export interface Failure {
  readonly status: number;
  /** Stands in the body as `{"error": message}`. */
  readonly message: string;
  /** Whole seconds for the header Retry-After. */
  readonly retryAfterSeconds: number | undefined;
  /** False for errors that nobody threw on purpose: the message says nothing about them, somebody has to log them. */
  readonly isExpected: boolean;
}

/**
 * Maps what was thrown to an answer. Our own errors carry their status and a message made for the user; of anything
 * else the client learns only that it happened.
 */
export function failureOf(error: unknown): Failure {
  if (!isBentoMLError(error)) {
    return { status: 500, message: "the server failed on this request; its log says why", retryAfterSeconds: undefined, isExpected: false };
  }
  const status = error.httpStatus >= 400 && error.httpStatus <= 599 ? error.httpStatus : 500;
  return { status, message: error.message, retryAfterSeconds: retryAfterOf(status, error.retryAfterMs), isExpected: true };
}

/** A 503 always says when to come back: after a second when nobody knows better. */
function retryAfterOf(status: number, retryAfterMs: number | undefined): number | undefined {
  if (retryAfterMs === undefined) return status === 503 ? 1 : undefined;
  return Math.max(1, Math.ceil(retryAfterMs / 1000));
}
