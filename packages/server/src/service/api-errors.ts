import { BentoMLError, ServiceUnavailableError } from "bentoml-core";
import type { InputDescriptor } from "../io/index.js";

/** The body is not of a type that the API reads. */
export function unsupportedMediaType(given: string | undefined, { mediaTypes, requestBody }: InputDescriptor<unknown>): BentoMLError {
  const what = given === undefined ? "the request has no Content-Type" : `the Content-Type "${given.slice(0, 80)}" is not read here`;
  const [usual = mediaTypes[0]] = Object.keys(requestBody);
  return new BentoMLError(`${what}: send ${mediaTypes.join(", ")}, and say so with the header "Content-Type: ${usual}"`, { code: "UNSUPPORTED_MEDIA_TYPE", httpStatus: 415 });
}

/** Requests came before the startup hooks were done. */
export function serviceIsStarting(): BentoMLError {
  return new ServiceUnavailableError("the service is starting: try again", { code: "SERVICE_STARTING", retryAfterMs: 1000 });
}

/** The handler's result is not what its output descriptor writes: the API's fault, of which the client is told nothing. */
export function wrongOutput(api: string, error: unknown): Error {
  return new Error(`API ${api} gave an answer that cannot be sent: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}
