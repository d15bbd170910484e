import type { OutgoingHttpHeader } from "node:http";
import type { Socket } from "node:net";
import { traceContextOf } from "bentoml-core";
import type { Answer, AskedRequest } from "../http/answer.js";
import type { RequestHead } from "../http/request-head.js";
import type { RequestWatcher } from "../http/request-watcher.js";
import type { Endpoint } from "../http/request-pipeline.js";
import { CLIENT_GONE, onResponseEnd } from "../http/response-end.js";
import { isoTime, jsonText } from "./json-line.js";
import { LogLines, type LogStream } from "./log-stream.js";
import { RequestIds } from "./request-ids.js";

/** Where the access log goes, and what a line says besides time, client, method, path, status and duration. */
export interface AccessLogOptions {
  /** Such as `process.stdout`. Lines that it is too slow for are dropped and counted; whoever gives it listens to its errors. */
  readonly stream: LogStream;
  /** Default true, as all of them. */
  readonly requestContentLength?: boolean;
  /** Default true. */
  readonly requestContentType?: boolean;
  /** Default true. */
  readonly responseContentLength?: boolean;
  /** Default true. */
  readonly responseContentType?: boolean;
}

/** Longest path in a line. */
const LONGEST_PATH = 512;

/**
 * One line of JSON for each request, on every route. A request without an id gets one, which its answer and its call carry too. Probes and
 * scrapes of the metrics are logged when they fail. The query of a URL is not logged: it may hold what nobody should read.
 */
export class AccessLog implements RequestWatcher {
  readonly #options: AccessLogOptions;
  readonly #lines: LogLines;
  readonly #ids: RequestIds = new RequestIds();

  constructor(options: AccessLogOptions) {
    this.#options = options;
    this.#lines = new LogLines(options.stream, describeDropped);
  }

  start(): void {
    // Nothing to do: the first line begins.
  }

  stop(): void {
    this.#lines.flush();
  }

  begun({ isAlwaysAnswered }: Endpoint, head: RequestHead, response: Answer, startedAt: number): void {
    head.requestId ??= this.#ids.next();
    const { req: request } = response;
    // Once the connection is closed it has no address any more.
    const client = clientOf(request.socket);
    onResponseEnd(response, () => {
      const status = response.writableFinished ? response.statusCode : CLIENT_GONE;
      if (isAlwaysAnswered && status < 400) return;
      const duration = (performance.now() - startedAt).toFixed(3);
      const begin = `${opening(status < 500 ? "info" : "error", "request")}${text("client", client)}`;
      this.#lines.add(`${begin}${this.#describe(request, head, response)},"status":${String(status)},"duration_ms":${duration}}`);
    });
  }

  #describe(request: AskedRequest, head: RequestHead, response: Answer): string {
    const { requestContentLength = true, requestContentType = true, responseContentLength = true, responseContentType = true } = this.#options;
    return (
      text("request_id", response.getHeader("X-Request-Id") ?? head.requestId) +
      text("trace_id", traceContextOf(head.traceparent, undefined)?.traceparent.slice(3, 35)) +
      text("method", request.method) +
      text("path", pathOf(request.url as string)) +
      (requestContentType ? text("request_content_type", contentTypeOf(request.rawHeaders)) : "") +
      (requestContentLength ? number("request_content_length", head.contentLength) : "") +
      (responseContentType ? text("response_content_type", response.getHeader("Content-Type")) : "") +
      (responseContentLength ? number("response_content_length", response.getHeader("Content-Length")) : "")
    );
  }
}

function opening(level: "info" | "warn" | "error", message: string): string {
  return `{"time":"${isoTime(Date.now())}","level":"${level}","logger":"bentoml.access","message":"${message}"`;
}

function describeDropped(count: number): string {
  return `${opening("warn", "lines of the access log were dropped: its stream is too slow for them")},"dropped":${String(count)}}`;
}

function text(key: string, value: OutgoingHttpHeader | undefined): string {
  return value === undefined ? "" : `,"${key}":${jsonText(String(value))}`;
}

/** Nothing for what is no number: a client can send anything. */
function number(key: string, value: OutgoingHttpHeader | undefined): string {
  return value === undefined || !Number.isFinite(Number(value)) ? "" : `,"${key}":${String(Number(value))}`;
}

/** Undefined for a Unix socket. */
function clientOf({ remoteAddress, remotePort }: Socket): string | undefined {
  if (remoteAddress === undefined) return undefined;
  return `${remoteAddress.includes(":") ? `[${remoteAddress}]` : remoteAddress}:${String(remotePort)}`;
}

function pathOf(url: string): string {
  return (url.split("?", 1)[0] as string).slice(0, LONGEST_PATH);
}

function contentTypeOf(rawHeaders: readonly string[]): string | undefined {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 12 && name.toLowerCase() === "content-type") return rawHeaders[index + 1]?.slice(0, 256);
  }
  return undefined;
}
