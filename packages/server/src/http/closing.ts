import type { Server } from "node:http";
import { Server as NetServer } from "node:net";
import type { FreshConnections } from "./fresh-connections.js";

/**
 * How long connections that are idle stay open, ms: a request that is on its way just then is refused with an answer, and not by a
 * connection that breaks, which clients may not send again.
 */
const LAST_REQUEST_MS = 250;

/**
 * Stops accepting, closes connections that stay idle, lets the others finish what they have begun, and cuts them off after `graceMs`.
 * Resolves when none is left.
 */
export async function closeServer(server: Server, fresh: FreshConnections, graceMs: number): Promise<void> {
  if (!server.listening) return;
  // Not the close of node:http, which breaks idle connections at once.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve())).then(() => fresh.none());
  const closeIdle = setTimeout(() => {
    // A connection that becomes idle from now on is closed at once; 0 would mean never.
    server.keepAliveTimeout = 1;
    fresh.destroy();
    server.closeIdleConnections();
  }, Math.min(graceMs, LAST_REQUEST_MS));
  const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(closeIdle);
  clearTimeout(cutOff);
  // Ends the checks of connections, which hold the server in memory.
  server.close(() => undefined);
}
