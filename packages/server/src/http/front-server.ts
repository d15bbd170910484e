import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions as TlsServerOptions } from "node:https";
import type { Duplex } from "node:stream";
import { BentoMLError } from "bentoml-core";
import { awaitsContinue } from "./awaited-continue.js";
import { answerClientError } from "./client-error.js";
import { DirectLane, type DirectLaneSetting } from "./direct/direct-lane.js";
import type { ErrorForm } from "./error-form.js";
import type { OpenConnections } from "./open-connections.js";
import { answerError } from "./plain-answer.js";
import { tooManyHeaders } from "./server-errors.js";
import type { ServerLimits } from "./server-limits.js";

/** Answers a request or leaves it: true when it is taken care of. */
export type FastRoute = (request: IncomingMessage, response: ServerResponse) => boolean;
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** What a front server is made of. */
export interface FrontServerSetting {
  readonly limits: ServerLimits;
  readonly connections: OpenConnections;
  readonly errorForm: ErrorForm;
  /** Undefined: plain HTTP. */
  readonly tls?: TlsServerOptions | undefined;
  /** Routes of POST that plain requests take without Node's HTTP parser. */
  readonly direct?: DirectLaneSetting["find"] | undefined;
}

/** How often Node looks for connections that are past their time, at most. */
const LONGEST_CHECK_INTERVAL_MS = 5_000;
const SHORTEST_CHECK_INTERVAL_MS = 100;
/** A socket on which nothing moves is dropped after this, on top of the time a call may take: a client that reads no answer holds its memory. */
const STALLED_MS = 60_000;

/** The HTTP server in front of everything: every time that a client could take is bounded, and what is no request is answered here. */
export function createFrontServer(handle: RequestHandler, { limits, connections, errorForm, tls, direct }: FrontServerSetting): Server {
  const answer: RequestHandler = (request, response) => {
    connections.began(response);
    // It came after the end of what this side says: nobody would hear the answer.
    if (!request.socket.writable) request.resume();
    else if (connections.isHolding) connections.wait(() => begin(request, response));
    else begin(request, response);
  };
  const begin: RequestHandler = (request, response) => {
    if (request.rawHeaders.length / 2 > limits.maxHeaders) answerError(response, tooManyHeaders(limits.maxHeaders), errorForm);
    else handle(request, response);
  };
  const headersTimeout = Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs);
  const options = {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.max(SHORTEST_CHECK_INTERVAL_MS, Math.min(LONGEST_CHECK_INTERVAL_MS, headersTimeout)),
  } satisfies ServerOptions;
  const server = tls === undefined ? createServer(options, answer) : createTlsServer({ ...options, handshakeTimeout: headersTimeout, ...tls }, answer);
  const stalledMs = limits.callTimeoutMs + STALLED_MS;
  server.timeout = stalledMs;
  server.maxConnections = limits.maxConnections;
  connections.watch(server, tls !== undefined);
  if (direct !== undefined) {
    const checkIntervalMs = Math.min(options.connectionsCheckingInterval, Math.max(SHORTEST_CHECK_INTERVAL_MS, limits.keepAliveTimeoutMs));
    DirectLane.openFor(server, tls === undefined ? "connection" : "secureConnection", { limits: { ...limits, headersTimeoutMs: headersTimeout, stalledMs }, connections, checkIntervalMs, find: direct });
  }
  server.on("clientError", (error: Error, socket: Duplex) => answerClientError(error, socket, errorForm));
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    awaitsContinue(request, response);
    answer(request, response);
  });
  server.on("checkExpectation", (_request: IncomingMessage, response: ServerResponse) => {
    const error = new BentoMLError("the only expectation this server meets is 100-continue", { code: "EXPECTATION_FAILED", httpStatus: 417 });
    answerError(response, error, errorForm);
  });
  return server;
}
