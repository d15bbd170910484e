import { BentoMLError, ServiceUnavailableError } from "bentoml-core";

/** The body is larger than the server takes. */
export function bodyTooLarge(maxBodyBytes: number): BentoMLError {
  return new BentoMLError(
    `the body is larger than the ${maxBodyBytes} bytes that this server takes: send fewer items at once, or raise maxBodyBytes`,
    { code: "BODY_TOO_LARGE", httpStatus: 413 },
  );
}

/** More requests are being answered than `maxConcurrency` allows. */
export function tooManyRequests(maxConcurrency: number): BentoMLError {
  return new BentoMLError(`the server is answering ${maxConcurrency} requests, which is its limit: try again`, {
    code: "TOO_MANY_REQUESTS",
    httpStatus: 429,
    retryAfterMs: 1000,
  });
}

/** The request has more headers than the server reads. */
export function tooManyHeaders(maxHeaders: number): BentoMLError {
  return new BentoMLError(`the request has more than ${maxHeaders} headers, which is the limit of this server`, { code: "TOO_MANY_HEADERS", httpStatus: 431 });
}

/** The bodies that are being read take all the memory that is meant for them. */
export function bodiesTakeAllMemory(): BentoMLError {
  return new ServiceUnavailableError("the server is reading as much as it has memory for: try again", {
    code: "SERVICE_BUSY",
    retryAfterMs: 1000,
  });
}

/** The server is closing. */
export function serverIsClosing(): BentoMLError {
  return new ServiceUnavailableError("the server is closing: ask another one", {
    code: "SERVER_CLOSING",
    retryAfterMs: 1000,
  });
}

/** The body is compressed in a way that this server does not read. */
export function unsupportedEncoding(encoding: string): BentoMLError {
  return new BentoMLError(`Content-Encoding "${encoding.slice(0, 40)}" is not supported: use gzip or deflate, or none`, {
    code: "UNSUPPORTED_ENCODING",
    httpStatus: 415,
  });
}

/** What a call is aborted with when its client has gone. Nobody reads the answer; metrics count the status. */
export function clientHasGone(): BentoMLError {
  return new BentoMLError("the client closed its connection before it was answered", { code: "CLIENT_GONE", httpStatus: 499 });
}
