import { InvalidArgumentError } from "../errors/index.js";
import { remoteAddress, type RemoteAddress } from "./remote-address.js";

/** Keys and certificates in PEM, for `https://`. */
export interface RemoteTls {
  /** Who may have signed the server's certificate. Default: the authorities that Node knows. */
  readonly ca?: string | Uint8Array;
  /** The client's own certificate and its key, for servers that ask for one. */
  readonly cert?: string | Uint8Array;
  /** The key of `cert`. */
  readonly key?: string | Uint8Array;
  /** For a `key` that is encrypted. */
  readonly passphrase?: string;
  /** Name that the server's certificate must have. Default: the host of the url. */
  readonly servername?: string;
}

/** How a runner's calls reach a runner server. */
export interface RemoteRunnerOptions {
  /** `http://`, `https://` or `tcp://host:port`, `unix:/path.sock` or `file:///path.sock`. */
  readonly url: string | URL;
  /** Bearer token that the server wants. */
  readonly token?: string;
  /** For `https://`. */
  readonly tls?: RemoteTls;
  /** Requests on their way at once, each with one call or several; other calls wait. A stream has a connection of its own beside them. Default: `api_server.max_runner_connections`, 16. */
  readonly maxConnections?: number;
  /** Default 5,000. */
  readonly connectTimeoutMs?: number;
  /** For calls without a `timeoutMs` of their own. Default: `runners.traffic.timeout` of the configuration, 900,000. */
  readonly timeoutMs?: number;
  /** How often a connection that cannot be made is tried again, after 50 ms and then twice as long each time. Default 3. */
  readonly retries?: number;
}

/** Options with nothing left out. */
export interface ResolvedRemoteOptions {
  readonly address: RemoteAddress;
  readonly token: string | undefined;
  readonly tls: RemoteTls | undefined;
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  readonly timeoutMs: number;
  readonly retries: number;
}

const DEFAULTS = { maxConnections: 16, connectTimeoutMs: 5_000, timeoutMs: 900_000, retries: 3 } as const;

/** @throws InvalidArgumentError that names the option, its value and what is allowed. */
export function resolveRemoteOptions(options: RemoteRunnerOptions): ResolvedRemoteOptions {
  const address = remoteAddress(options.url);
  const { token, tls } = options;
  if (tls !== undefined && !address.isEncrypted) {
    throw new InvalidArgumentError(`The option "tls" needs a url of "https://", not ${JSON.stringify(address.shown)}.`);
  }
  // The token is a secret: the message must not show it.
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new InvalidArgumentError('The option "token" must be visible ASCII characters without spaces; look for a line break at the end of the file that it came from.');
  }
  return {
    address,
    token,
    tls,
    maxConnections: numberOf(options, "maxConnections", 1, true),
    connectTimeoutMs: numberOf(options, "connectTimeoutMs", 1, false),
    timeoutMs: numberOf(options, "timeoutMs", 1, false),
    retries: numberOf(options, "retries", 0, true),
  };
}

function numberOf(options: RemoteRunnerOptions, name: keyof typeof DEFAULTS, least: number, whole: boolean): number {
  const value: unknown = options[name] ?? DEFAULTS[name];
  if (typeof value === "number" && value >= least && (whole ? Number.isInteger(value) : Number.isFinite(value))) return value;
  throw new InvalidArgumentError(`${name} of a remote runner is ${String(value)}; it must be a ${whole ? "whole number" : "number"} of at least ${String(least)}.`);
}
