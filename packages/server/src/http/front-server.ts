import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { answerClientError } from "./client-error.js";
import type { FreshConnections } from "./fresh-connections.js";
import { answerFailure } from "./plain-answer.js";
import { readRequestHead } from "./request-head.js";
import type { ServerLimits } from "./server-limits.js";

/** Answers a request or leaves it: true when it is taken care of. */
export type FastRoute = (request: IncomingMessage, response: ServerResponse) => boolean;
type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Longest header block, in bytes. Node answers more with 431. */
const MAX_HEADER_BYTES = 16 * 1024;
/** How often Node looks for connections that are past their time, at most. */
const LONGEST_CHECK_INTERVAL_MS = 5_000;
const SHORTEST_CHECK_INTERVAL_MS = 100;
/** A socket on which nothing moves is dropped after this, on top of the time a call may take: a client that reads no answer holds its memory. */
const STALLED_MS = 60_000;

/**
 * The HTTP server: each request is offered to the fast route, the rest goes to Fastify (`fallback`). Every time that a
 * client could take is bounded.
 */
export function createFrontServer(
  fastRoute: FastRoute,
  fallback: RequestHandler,
  limits: ServerLimits,
  fresh: FreshConnections,
): Server {
  const handle: RequestHandler = (request, response) => {
    fresh.used(request.socket);
    if (!fastRoute(request, response)) fallback(request, response);
  };
  const headersTimeout = Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs);
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      connectionsCheckingInterval: Math.max(SHORTEST_CHECK_INTERVAL_MS, Math.min(LONGEST_CHECK_INTERVAL_MS, headersTimeout)),
    },
    handle,
  );
  server.timeout = limits.callTimeoutMs + STALLED_MS;
  fresh.watch(server);
  server.on("clientError", answerClientError);
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    // A client that asks first is only told to go on when its body would be read.
    const { contentLength } = readRequestHead(request.rawHeaders);
    if (contentLength === undefined || contentLength <= limits.maxBodyBytes) response.writeContinue();
    handle(request, response);
  });
  server.on("checkExpectation", (_request: IncomingMessage, response: ServerResponse) => {
    const message = "the only expectation this server meets is 100-continue";
    answerFailure(response, { status: 417, message, retryAfterSeconds: undefined, isExpected: true });
  });
  return server;
}
