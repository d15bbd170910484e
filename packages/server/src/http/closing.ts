import type { Server } from "node:http";
import type { FreshConnections } from "./fresh-connections.js";

/**
 * Stops accepting, closes idle connections (which `close` does by itself), lets the others finish what they have begun, and cuts them off after
 * `graceMs`. Resolves when none is left.
 */
export async function closeServer(server: Server, fresh: FreshConnections, graceMs: number): Promise<void> {
  if (!server.listening) return;
  // A connection that becomes idle from now on is closed at once; 0 would mean never.
  server.keepAliveTimeout = 1;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  fresh.destroy();
  const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cutOff);
}
