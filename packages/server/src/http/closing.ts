import type { Server } from "node:http";
import type { OpenConnections } from "./open-connections.js";
import type { RequestPipeline } from "./request-pipeline.js";
import { closeListener, stopAccepting } from "./stop-accepting.js";

/**
 * How long connections that are idle stay open, ms: a request that is on its way just then is answered, and not by a connection that
 * breaks, which clients may not send again.
 */
const LAST_REQUEST_MS = 250;
/** How long requests are held at most while the listener looks for a quiet moment, ms. */
const LONGEST_HOLD_MS = 1_000;

/** What is closed, and how. */
export interface Closing {
  readonly server: Server;
  readonly connections: OpenConnections;
  readonly pipeline: RequestPipeline;
  /** After this what still runs is cut off, ms. */
  readonly graceMs: number;
  /** How long everything that comes is answered, as CloseOptions has it; undefined: from now on requests are refused. */
  readonly drainMs: number | undefined;
}

/**
 * Stops accepting, closes connections that stay idle, lets the others finish what they have begun, and cuts them off after `graceMs`.
 * Resolves when none is left.
 */
export async function closeServer(closing: Closing): Promise<void> {
  const { server, connections, pipeline, graceMs, drainMs } = closing;
  const endAt = performance.now() + graceMs;
  const left = (): number => Math.max(0, endAt - performance.now());
  if (drainMs === undefined) refuse(closing);
  else await drain(closing, drainMs, left);
  connections.endIdle();
  const looks = setInterval(() => {
    pipeline.drain();
    connections.endIdle();
  }, Math.min(left(), LAST_REQUEST_MS));
  const cutOff = setTimeout(() => connections.destroy(), left());
  await connections.none();
  clearInterval(looks);
  clearTimeout(cutOff);
  pipeline.drain();
  // Ends the checks of connections, which hold the server in memory.
  server.close(() => undefined);
}

function refuse({ server, connections, pipeline }: Closing): void {
  pipeline.drain();
  connections.lastAnswers();
  closeListener(server);
}

/** Answers all that comes, and leaves no connection open after its answer. */
async function drain({ server, connections, pipeline }: Closing, drainMs: number, left: () => number): Promise<void> {
  pipeline.leave();
  connections.lastAnswers();
  await elapsed(Math.min(drainMs, left()));
  connections.hold();
  await stopAccepting(server, Math.min(LONGEST_HOLD_MS, left()));
  connections.release();
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
