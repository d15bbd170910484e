import { BentoMLError, ServiceUnavailableError, isBentoMLError } from "../errors/index.js";
import { autoContainer, type Payload } from "../containers/index.js";
import { ERROR_TYPE, decodeReply, headerOf, mediaType, type HeaderRecord, type Reply } from "../frames/index.js";
import { ownResult } from "../handles/index.js";
import { noRunnerReply, otherVersion, proxyBusy, unreadableReply, type RemotePlace } from "./remote-errors.js";
import type { ReplyBody } from "./reply-body.js";
import { RUNNER_PROTOCOL_VERSION, runnerHeaders } from "./runner-protocol.js";

/** Status and headers of an answer. */
export interface ReplyHead {
  readonly status: number;
  readonly headers: HeaderRecord;
}

const OK = 200;
const BUSY = 503;

/**
 * What a call gets for an answer: its value, or a list of several outputs.
 *
 * @throws the error that the runner answered with, of its class and with its own message; ServiceUnavailableError for any 503;
 *   BentoMLError of the code NO_RUNNER_REPLY, BAD_RUNNER_REPLY or WIRE_VERSION for what is no answer of this protocol.
 */
export function resultOf(head: ReplyHead, body: ReplyBody, place: RemotePlace): unknown {
  return outcomeOf(replyOf(head, body, place), head, place);
}

/** The same of a reply among others in one answer. */
export function resultOfBundled(reply: Reply, place: RemotePlace): unknown {
  const status = reply.kind === "error" && isBentoMLError(reply.error) ? reply.error.httpStatus : OK;
  return outcomeOf(reply, { status, headers: {} }, place);
}

function outcomeOf(reply: Reply, head: ReplyHead, place: RemotePlace): unknown {
  switch (reply.kind) {
    case "error":
      throw remoteError(reply.error, head);
    case "value":
      return valueOf(reply.payload, place);
    case "outputs": {
      const values = reply.payloads.map((payload) => valueOf(payload, place));
      return values.some((value) => value instanceof Promise) ? Promise.all(values) : values;
    }
  }
}

/** The value of a payload that a server sent; it owns its memory. */
export function valueOf(payload: Payload, place: RemotePlace): unknown {
  try {
    const value = autoContainer.fromPayload(payload);
    return value instanceof Promise ? value.then(ownResult, (error: unknown) => Promise.reject(unusable(error, place))) : ownResult(value);
  } catch (error) {
    throw unusable(error, place);
  }
}

/**
 * Whether the answer is one of this protocol's.
 *
 * @throws BentoMLError when it is of another version of it.
 */
export function isRunnerReply({ headers }: ReplyHead, place: RemotePlace): boolean {
  const version = headerOf(headers, runnerHeaders.wireVersion);
  if (version !== undefined && version !== String(RUNNER_PROTOCOL_VERSION)) throw otherVersion(place, version);
  return mediaType(headerOf(headers, "Content-Type")).startsWith("application/vnd.bentoml.");
}

function replyOf(head: ReplyHead, body: ReplyBody, place: RemotePlace): Reply {
  const { status, headers } = head;
  if (!isRunnerReply(head, place)) {
    const contentType = headerOf(headers, "Content-Type");
    if (status === BUSY) throw proxyBusy(place, contentType, body.text(), retryAfterMs(headers));
    throw noRunnerReply(place, status, contentType, body.text());
  }
  const isError = mediaType(headerOf(headers, "Content-Type")) === ERROR_TYPE;
  if (isError === (status === OK)) throw noRunnerReply(place, status, headerOf(headers, "Content-Type"), "");
  try {
    return decodeReply(headers, body.bytes());
  } catch (error) {
    throw unreadableReply(place, error as Error);
  }
}

/** Every 503 is a ServiceUnavailableError that says when to come back. */
function remoteError(error: unknown, { status, headers }: ReplyHead): unknown {
  if (status !== BUSY || !isBentoMLError(error)) return error;
  const after = error.retryAfterMs ?? retryAfterMs(headers);
  if (error instanceof ServiceUnavailableError && error.retryAfterMs === after) return error;
  return new ServiceUnavailableError(error.message, { code: error.code, ...(after === undefined ? {} : { retryAfterMs: after }) });
}

/** `Retry-After` in seconds; as a date it is left alone. */
function retryAfterMs(headers: HeaderRecord): number | undefined {
  const text = headerOf(headers, "Retry-After");
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) * 1000 : undefined;
}

/** A container that is not installed here says so itself; all else is the server's fault, not the caller's. */
function unusable(error: unknown, place: RemotePlace): unknown {
  if (error instanceof BentoMLError && error.code === "CONTAINER_NOT_FOUND") return error;
  return unreadableReply(place, error as Error);
}
