import type { UnexpectedErrorListener } from "../http/error-answerer.js";
import type { ServerLimits } from "../http/server-limits.js";
import type { ServerTls } from "../http/server-tls.js";
import type { ObservabilityOptions } from "../observability-options.js";
import type { RunnerToServe } from "./runner-to-serve.js";

/** Options of a RunnerServer. The limits' defaults are with ServerLimits, but for `callTimeoutMs`: 900 000. */
export interface RunnerServerOptions extends Partial<ServerLimits>, ObservabilityOptions {
  /** What is served. */
  readonly runner: RunnerToServe;
  /** Start the runner in `listen`, destroy it in `close`. Default false: whoever made it does. */
  readonly ownsRunner?: boolean;
  /**
   * Bearer token that calls and the metrics page must bring; probes need none. Of several, any one lets in. Default: none is asked for.
   */
  readonly token?: string | readonly string[];
  /** HTTPS, with client certificates if you like. Default: plain HTTP. */
  readonly tls?: ServerTls;
  /** Labels of the metrics. Default "bentoml-runner" and "not available". */
  readonly serviceName?: string;
  /** As `serviceName`. */
  readonly serviceVersion?: string;
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
  /** Such as "http://127.0.0.1:3001" or "unix:/path.sock". */
  readonly url: string;
}
