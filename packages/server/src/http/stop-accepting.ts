import { Server } from "node:net";

/** A client that has just been told to connect anew has done so by then, ms. */
const QUIET_MS = 100;

/**
 * Closes the listener of a server at a moment at which nobody connects: the system breaks connections that it has taken for a listener and
 * the program has not, and their clients cannot know whether they were heard. Meanwhile requests are to be held, so that clients who ask
 * again and again all wait for an answer. Connections that are open stay open.
 *
 * @param longestMs so long at most; then it is closed all the same.
 */
export async function stopAccepting(server: Server, longestMs: number): Promise<void> {
  await noConnections(server, longestMs);
  closeListener(server);
}

/** Closes the listener now, and no connection: the close of node:http would break idle ones at once. */
export function closeListener(server: Server): void {
  if (server.listening) Server.prototype.close.call(server);
}

function noConnections(server: Server, longestMs: number): Promise<void> {
  const latest = performance.now() + longestMs;
  return new Promise((resolve) => {
    let isQuiet = true;
    const onConnection = (): void => {
      isQuiet = false;
    };
    const listenOn = (): void => {
      isQuiet = true;
      setTimeout(() => {
        // Between the two, those that wait in the system's queue are accepted.
        setImmediate(() => {
          if (!isQuiet && performance.now() < latest) return listenOn();
          server.off("connection", onConnection);
          resolve();
        });
      }, Math.min(QUIET_MS, Math.max(0, latest - performance.now())));
    };
    server.on("connection", onConnection);
    listenOn();
  });
}
