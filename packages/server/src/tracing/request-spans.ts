import { SpanKind, SpanStatusCode, trace, type Attributes, type Span } from "@opentelemetry/api";
import { traceContextOf } from "bentoml-core";
import type { Answer, AskedRequest } from "../http/answer.js";
import type { RequestHead } from "../http/request-head.js";
import type { Endpoint } from "../http/request-pipeline.js";
import { onResponseEnd } from "../http/response-end.js";
import type { RequestWatcher } from "../http/request-watcher.js";
import { traceRunners } from "./trace-runners.js";
import { epochMs, parentContext, registeredTracer, traceContextOfSpan } from "./tracer.js";

/** The methods that OpenTelemetry's conventions know; others are one. */
const KNOWN_METHODS: ReadonlySet<string> = new Set(["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"]);

/**
 * A span for each request, by OpenTelemetry's semantic conventions for HTTP servers: in the trace of the client when it names one. The
 * request's call becomes a child of it. Probes and scrapes have none. An SDK must be registered before the server listens; where it
 * makes spans of HTTP requests by itself, those are taken.
 */
export class RequestSpans implements RequestWatcher {
  #tracer: ReturnType<typeof registeredTracer>;
  #stopTracingRunners: (() => void) | undefined;

  start(): void {
    this.#tracer = registeredTracer();
    if (this.#tracer !== undefined) this.#stopTracingRunners = traceRunners();
  }

  stop(): void {
    this.#stopTracingRunners?.();
  }

  begun(endpoint: Endpoint, head: RequestHead, response: Answer, startedAt: number): void {
    if (this.#tracer === undefined || endpoint.isAlwaysAnswered) return;
    const { req: request } = response;
    const route = routeOf(endpoint);
    const method = KNOWN_METHODS.has(request.method as string) ? (request.method as string) : "_OTHER";
    const name = [method === "_OTHER" ? "HTTP" : method, ...(route === undefined ? [] : [route])].join(" ");
    const others = spanOfInstrumentation();
    const span =
      others?.updateName(name) ??
      this.#tracer.startSpan(
        name,
        { kind: SpanKind.SERVER, startTime: epochMs(startedAt), attributes: describeRequest(request, method) },
        parentContext(traceContextOf(head.traceparent, head.tracestate)),
      );
    const { traceparent, tracestate } = traceContextOfSpan(span.spanContext()) ?? {};
    head.traceparent = traceparent;
    head.tracestate = tracestate;
    if (!span.isRecording()) return;
    span.setAttributes(describeEndpoint(endpoint));
    if (others === undefined) onResponseEnd(response, () => end(span, response));
  }
}

/** The span that the SDK's own instrumentation of `node:http` has begun for this request. A server that listens within another span is no such case. */
function spanOfInstrumentation(): Span | undefined {
  const span = trace.getActiveSpan();
  const isOfRequest = span?.isRecording() === true && (span as { readonly kind?: SpanKind }).kind === SpanKind.SERVER;
  return isOfRequest ? span : undefined;
}

/** Undefined for patterns in parentheses: they stand for requests that have no route. */
function routeOf({ metrics: { endpoint } }: Endpoint): string | undefined {
  return endpoint.startsWith("/") ? endpoint : undefined;
}

function describeEndpoint(endpoint: Endpoint): Attributes {
  const { target } = endpoint.metrics;
  return withoutUndefined({ "http.route": routeOf(endpoint), "bentoml.target": target === "" ? undefined : target });
}

function describeRequest(request: AskedRequest, method: string): Attributes {
  const { socket, rawHeaders, url = "", httpVersion } = request;
  const query = url.indexOf("?");
  const [host, port] = hostOf(headerOf(rawHeaders, "host"));
  return withoutUndefined({
    "http.request.method": method,
    "http.request.method_original": method === "_OTHER" ? request.method : undefined,
    "url.path": query === -1 ? url : url.slice(0, query),
    "url.scheme": "encrypted" in socket ? "https" : "http",
    "network.protocol.version": httpVersion,
    "server.address": host,
    "server.port": port ?? socket.localPort,
    "client.address": socket.remoteAddress,
    "user_agent.original": headerOf(rawHeaders, "user-agent"),
  });
}

function end(span: Span, response: Answer): void {
  const { statusCode } = response;
  if (!response.writableFinished) {
    span.setAttribute("error.type", "client_gone").setStatus({ code: SpanStatusCode.ERROR, message: "the client went before it was answered" });
  } else {
    span.setAttribute("http.response.status_code", statusCode);
    if (statusCode >= 500) span.setAttribute("error.type", String(statusCode)).setStatus({ code: SpanStatusCode.ERROR });
  }
  const requestId = response.getHeader("X-Request-Id");
  if (typeof requestId === "string") span.setAttribute("bentoml.request_id", requestId);
  span.end(epochMs(performance.now()));
}

/** Name and port of the header `Host`. */
function hostOf(header: string | undefined): [host: string | undefined, port: number | undefined] {
  const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(header ?? "") ?? [];
  return [host === "" ? undefined : host, port === undefined ? undefined : Number(port)];
}

function headerOf(rawHeaders: readonly string[], name: string): string | undefined {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const candidate = rawHeaders[index] as string;
    if (candidate.length === name.length && candidate.toLowerCase() === name) return rawHeaders[index + 1];
  }
  return undefined;
}

function withoutUndefined(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
