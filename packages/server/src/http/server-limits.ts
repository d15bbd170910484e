import { InvalidArgumentError } from "bentoml-core";

/** What bounds a server. Each has a default that is safe on an open port. */
export interface ServerLimits {
  /** Largest body of one request, in bytes, compressed and not. 413 beyond it. Default 128 MiB. */
  readonly maxBodyBytes: number;
  /** Bodies in memory at once, in bytes, before new ones are answered 503. Default 1 GiB. */
  readonly maxBufferedBytes: number;
  /** Requests being answered at once, probes and metrics apart; 429 beyond it. Default 10 000; the runners' queues bound the work. */
  readonly maxConcurrency: number;
  /** Connections open at once, idle ones too; more are closed at once, those of probes as well. Default 20 000. */
  readonly maxConnections: number;
  /** Headers of one request; 431 beyond it. Default 100. */
  readonly maxHeaders: number;
  /** Of the request line and the headers together; 431 beyond it. Default 16 KiB. */
  readonly maxHeaderBytes: number;
  /** Milliseconds until a call is given up with 504. Default 60 000. */
  readonly callTimeoutMs: number;
  /** Milliseconds that a runner may take to say whether it is ready. Default 1 000. */
  readonly readinessTimeoutMs: number;
  /** Milliseconds for a request's headers to arrive. Default 10 000: a slow sender is cut off early. */
  readonly headersTimeoutMs: number;
  /** Milliseconds for the whole request to arrive. Default 120 000: 128 MiB need 9 Mbit/s. */
  readonly requestTimeoutMs: number;
  /** Milliseconds that an idle connection stays open. Default 65 000: longer than the 60 s of common load balancers, so that they close first. */
  readonly keepAliveTimeoutMs: number;
}

const defaultLimits: ServerLimits = {
  maxBodyBytes: 128 * 1024 * 1024,
  maxBufferedBytes: 1024 * 1024 * 1024,
  maxConcurrency: 10_000,
  maxConnections: 20_000,
  maxHeaders: 100,
  maxHeaderBytes: 16 * 1024,
  callTimeoutMs: 60_000,
  readinessTimeoutMs: 1_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 120_000,
  keepAliveTimeoutMs: 65_000,
};

/** Fills in the defaults. Throws InvalidArgumentError for a limit that is no positive whole number. */
export function resolveLimits(given: Partial<ServerLimits>): ServerLimits {
  const limits: Record<keyof ServerLimits, number> = { ...defaultLimits };
  for (const name of Object.keys(defaultLimits) as (keyof ServerLimits)[]) {
    const value = given[name];
    if (value === undefined) continue;
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InvalidArgumentError(`${name} must be a whole number of 1 or more, it is ${String(value)}`);
    }
    limits[name] = value;
  }
  return limits;
}
