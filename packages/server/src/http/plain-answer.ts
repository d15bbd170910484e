import { Buffer } from "node:buffer";
import type { ServerResponse } from "node:http";
import type { Failure } from "../protocol/failure.js";

/** What every refusal of this server looks like. */
export function errorBody(message: string): string {
  return JSON.stringify({ error: message });
}

/** Answers a failure on the bare response. Headers set before stay. Does nothing when an answer has begun. */
export function answerFailure(response: ServerResponse, failure: Failure): void {
  if (response.headersSent || response.destroyed) return;
  if (failure.retryAfterSeconds !== undefined) response.setHeader("Retry-After", String(failure.retryAfterSeconds));
  const body = errorBody(failure.message);
  response.writeHead(failure.status, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}
