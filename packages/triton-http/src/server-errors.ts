import { BentoMLError, InvalidArgumentError, ModelRunError, NotFoundError, ServiceUnavailableError } from "bentoml-core";

/** A request, for messages. */
export interface Place {
  readonly method: string;
  /** Without the query, which may hold secrets. */
  readonly path: string;
  /** The server, without its path. */
  readonly origin: string;
}

const RETRY_AFTER_MS = 1_000;
const MOST_CHARACTERS = 2_000;

/**
 * The error of an answer that is no success, by its status: 400 InvalidArgumentError, 404 NotFoundError, 503 ServiceUnavailableError, 500 to
 * a request that runs a model ModelRunError, any other BentoMLError with the code `SERVER_ERROR`. `httpStatus` is the server's, the message
 * ends with the server's text and a hint where there is one, and `cause.message` is that text alone.
 */
export function serverError(place: Place, status: number, body: Uint8Array, hint = ""): BentoMLError {
  const text = errorText(body);
  const message = `${shownPlace(place)} was answered with ${status}: ${text === "" ? "(no text)" : text}${hint}`;
  const options = { httpStatus: status, cause: new Error(text) };
  if (status === 400) return new InvalidArgumentError(message, options);
  if (status === 404) return new NotFoundError(message, options);
  if (status === 503) return new ServiceUnavailableError(message, { ...options, retryAfterMs: RETRY_AFTER_MS });
  if (status === 500 && runsModel(place)) return new ModelRunError(message, options);
  return new BentoMLError(message, { ...options, code: "SERVER_ERROR" });
}

/** An error that came under the status 200: inside of a stream, or from a model that gave more responses than `generate` takes. */
export function saidError(place: Place, { error }: { readonly error: unknown }): ModelRunError {
  const text = typeof error === "string" ? error : JSON.stringify(error);
  return new ModelRunError(`${shownPlace(place)} failed after it had begun to answer: ${text}`, { cause: new Error(text) });
}

/** No connection could be made: nothing reached the server. */
export function unreachable(place: Place, cause: Error): ServiceUnavailableError {
  return new ServiceUnavailableError(
    `The inference server at ${place.origin} cannot be reached: ${reasonOf(cause)}. Start it, or correct the url.`,
    { code: "SERVER_UNREACHABLE", retryAfterMs: RETRY_AFTER_MS, cause },
  );
}

/** Whether undici has found something in the request that HTTP has no place for. */
export function isNotSendable(error: unknown): error is Error {
  return error instanceof Error && "code" in error && error.code === "UND_ERR_INVALID_ARG";
}

/** The request cannot be sent as it is, to no server: a header has a line break or the like in it. */
export function notSendable(place: Place, cause: Error): InvalidArgumentError {
  return new InvalidArgumentError(`${shownPlace(place)} cannot be sent: ${reasonOf(cause)}. Correct the headers of the client or the call.`, { cause });
}

/** The connection broke after the request went out: it may have been run. */
export function connectionLost(place: Place, cause: Error): BentoMLError {
  return new BentoMLError(
    `${shownPlace(place)}: the connection closed before the answer was complete (${reasonOf(cause)}); the request may have run or not. Look at the server's log.`,
    { code: "SERVER_CONNECTION_LOST", httpStatus: 502, cause },
  );
}

/** A success whose body cannot be read. */
export function badReply(what: string, cause?: unknown): BentoMLError {
  return new BentoMLError(`The inference server's answer cannot be used: ${what}.`, { code: "BAD_SERVER_REPLY", httpStatus: 502, cause });
}

export function reasonOf(error: Error): string {
  // Several addresses of one name were tried: the group itself has no message.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return (first instanceof Error ? first.message : error.message) || error.name;
}

function shownPlace({ method, path, origin }: Place): string {
  return `${method} ${origin}${path}`;
}

function runsModel({ path }: Place): boolean {
  return /\/(?:infer|generate|generate_stream)$/.test(path);
}

/** `{"error": "…"}` whatever the media type says; of other servers whatever they wrote. */
function errorText(body: Uint8Array): string {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  const said = fieldOf(parsed(text), "error") ?? fieldOf(parsed(text), "detail");
  if (said !== undefined) return typeof said === "string" ? said : JSON.stringify(said);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
