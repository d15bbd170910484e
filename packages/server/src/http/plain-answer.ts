import { failureOf } from "../protocol/failure.js";
import type { Answer } from "./answer.js";
import type { ErrorForm } from "./error-form.js";

/** Answers an error on the bare response. Headers set before stay. Does nothing when an answer has begun. */
export function answerError(response: Answer, error: unknown, form: ErrorForm): void {
  if (response.headersSent || response.destroyed) return;
  const { status, retryAfterSeconds } = failureOf(error);
  if (retryAfterSeconds !== undefined) response.setHeader("Retry-After", String(retryAfterSeconds));
  const body = form.body(error);
  response.writeHead(status, { "Content-Type": form.contentType, "Content-Length": body.length });
  response.end(body);
}
