import { BentoMLError, ServiceUnavailableError } from "../errors/index.js";
import type { Progress } from "./retry-rule.js";
import { RUNNER_PROTOCOL_VERSION } from "./runner-protocol.js";

/** Who answers, for messages. */
export interface RemotePlace {
  readonly runnerName: string;
  readonly url: string;
}

const RETRY_AFTER_MS = 1_000;
const MOST_CHARACTERS = 200;

/** What a call gets for a request that failed when it had come so far. */
export function failureOf(place: RemotePlace, progress: Progress, cause: Error): BentoMLError {
  return progress === "connecting" ? unreachable(place, cause) : connectionLost(place, cause);
}

/** No connection could be made: the call surely did not run. */
function unreachable({ runnerName, url }: RemotePlace, cause: Error): ServiceUnavailableError {
  return new ServiceUnavailableError(
    `Runner "${runnerName}" cannot be reached at ${url}: ${reasonOf(cause)}. Start its server (bentoml start-runner-server), or correct the url.`,
    { code: "RUNNER_UNREACHABLE", retryAfterMs: RETRY_AFTER_MS, cause },
  );
}

/** The connection broke after the request went out: the call may have run. */
function connectionLost({ runnerName, url }: RemotePlace, cause: Error): BentoMLError {
  return new BentoMLError(
    `Runner "${runnerName}" at ${url} closed the connection before it had answered (${reasonOf(cause)}); the call may have run or not. Look at the server's log.`,
    { code: "RUNNER_CONNECTION_LOST", httpStatus: 502, cause },
  );
}

/** Somebody else answered, such as a proxy. */
export function noRunnerReply({ runnerName, url }: RemotePlace, status: number, contentType: string | undefined, body: string): BentoMLError {
  const text = body.length > MOST_CHARACTERS ? `${body.slice(0, MOST_CHARACTERS)}…` : body;
  return new BentoMLError(
    `What answers for runner "${runnerName}" at ${url} is no runner server, or a proxy before it failed: status ${String(status)}, ${contentType ?? "no Content-Type"}: ${text}`,
    { code: "NO_RUNNER_REPLY", httpStatus: 502 },
  );
}

/** The same from a proxy that says that it, or the server behind it, is busy. */
export function proxyBusy(place: RemotePlace, contentType: string | undefined, body: string, retryAfterMs: number | undefined): ServiceUnavailableError {
  const { message } = noRunnerReply(place, 503, contentType, body);
  return new ServiceUnavailableError(message, { code: "NO_RUNNER_REPLY", retryAfterMs: retryAfterMs ?? RETRY_AFTER_MS });
}

/** The server's answer cannot be read. */
export function unreadableReply({ runnerName, url }: RemotePlace, cause: Error): BentoMLError {
  return new BentoMLError(`The answer of runner "${runnerName}" at ${url} cannot be used: ${cause.message}`, {
    code: "BAD_RUNNER_REPLY",
    httpStatus: 502,
    cause,
  });
}

/** The server speaks another version of the protocol. */
export function otherVersion({ runnerName, url }: RemotePlace, theirs: string): BentoMLError {
  return new BentoMLError(
    `Runner "${runnerName}" at ${url} answers in wire version ${theirs.slice(0, 20)}, but this client speaks only version ${String(RUNNER_PROTOCOL_VERSION)}: use the same release of bentoml on both sides.`,
    { code: "WIRE_VERSION", httpStatus: 502 },
  );
}

function reasonOf(error: Error): string {
  // Several addresses of one name were tried: the group itself has no message.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return (first instanceof Error ? first.message : error.message) || error.name;
}
