import type { UnexpectedErrorListener } from "../http/error-answerer.js";
import type { ServerLimits } from "../http/server-limits.js";
import type { RunnerToServe } from "./runner-to-serve.js";

/** Keys and certificates in PEM. */
export interface RunnerServerTls {
  readonly cert: string | Uint8Array;
  readonly key: string | Uint8Array;
  readonly passphrase?: string;
  /** Who must have signed the clients' certificates. Given: connections without such a certificate are refused. */
  readonly clientCa?: string | Uint8Array;
}

/** Options of a RunnerServer. The limits' defaults are with ServerLimits, but for `callTimeoutMs`: 900 000. */
export interface RunnerServerOptions extends Partial<ServerLimits> {
  readonly runner: RunnerToServe;
  /** Start the runner in `listen`, destroy it in `close`. Default false: whoever made it does. */
  readonly ownsRunner?: boolean;
  /** Bearer token that calls and the metrics page must bring; probes need none. Default: none is asked for. */
  readonly token?: string;
  readonly tls?: RunnerServerTls;
  /** Labels of the metrics. Default "bentoml-runner" and "not available". */
  readonly serviceName?: string;
  readonly serviceVersion?: string;
  /** Whether there is a page `/metrics`. Default true. */
  readonly metricsEnabled?: boolean;
  /** Told of errors that nobody threw on purpose. Default: a process warning with the stack. */
  readonly onUnexpectedError?: UnexpectedErrorListener;
}

/** Where a runner server listens: a host and port, or a Unix socket. */
export type RunnerListenOptions =
  | {
      /** Default 127.0.0.1: nobody else can connect. */
      readonly host?: string;
      /** Default 3000. 0 takes a free one. */
      readonly port?: number;
    }
  | {
      /** Path of a Unix socket, which only this user can connect to. */
      readonly socket: string;
    };

/** Where a runner server listens, as `initClient({ url })` takes it. */
export interface RunnerServerAddress {
  readonly url: string;
}
