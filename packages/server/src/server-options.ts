import type { AccessRules } from "./http/access-control.js";
import type { CrossOriginRules } from "./http/cross-origin.js";
import type { UnexpectedErrorListener } from "./http/error-answerer.js";
import type { ServerLimits } from "./http/server-limits.js";
import type { ServerTls } from "./http/server-tls.js";
import type { ObservabilityOptions } from "./observability-options.js";
import type { MetricsGatherer } from "./metrics/process-metrics.js";
import type { ModelChangeListener } from "./repository/model-control.js";
import type { ModelRepository } from "./repository/model-repository.js";
import type { ServedModel } from "./served-model.js";
import type { Service } from "./service/index.js";
import type { StatisticsGatherer } from "./statistics/process-statistics.js";

/** Options of a ModelServer; the limits' defaults are with ServerLimits. */
export interface ModelServerOptions extends Partial<ServerLimits>, ObservabilityOptions {
  /** What is served from the beginning: at least one model, unless there is a repository or a service. */
  readonly models?: readonly ServedModel[] | undefined;
  /** Its APIs are served at their routes, its runners as models, and its OpenAPI document at /docs.json. */
  readonly service?: Service;
  /**
   * Lets clients load and unload models while the server runs, by the protocol's model repository extension. Needs `ownsRunners`.
   * Default: they cannot.
   */
  readonly repository?: ModelRepository;
  /** Told when a model of the repository is loaded or unloaded. */
  readonly onModelChange?: ModelChangeListener;
  /** Start the models' and the service's runners in `listen`, destroy them in `close`. Default false: whoever made them does. */
  readonly ownsRunners?: boolean;
  /** Who may call: every route but the probes needs one of these secrets. Default: everybody who can connect. */
  readonly access?: AccessRules;
  /** HTTPS, with client certificates if you like. Default: plain HTTP. */
  readonly tls?: ServerTls;
  /** Which web pages of other origins may call. Default: none. */
  readonly crossOrigin?: CrossOriginRules;
  /** The page for people at `/`. Default true. */
  readonly page?: boolean;
  /** Compress responses of 1 KiB and more for clients that accept it. Default true. */
  readonly compressResponses?: boolean;
  /** For a server in several processes: the page of metrics is the sum of those that this gives. Default: those of this server alone. */
  readonly gatherMetrics?: MetricsGatherer;
  /** The same for the statistics of models. */
  readonly gatherStatistics?: StatisticsGatherer;
  /** Labels of the metrics. Default: the service's, else "bentoml-server" and "not available". */
  readonly serviceName?: string;
  /** As `serviceName`. */
  readonly serviceVersion?: string;
  /** Told of errors that are nobody's fault but ours; the client gets a 500 that does not say what. Default: a process warning with the stack. */
  readonly onUnexpectedError?: UnexpectedErrorListener;
}

/** Where to listen. */
export interface ListenOptions {
  /** Default 127.0.0.1: nobody else can connect. 0.0.0.0 or :: to serve others. */
  readonly host?: string;
  /** Default 3000. 0 takes a free one. */
  readonly port?: number;
  /** Path of a Unix socket to listen on instead, which only this user can connect to. */
  readonly socket?: string;
  /** Told as soon as it listens; `listen` itself resolves when the runners that the server owns are started too. */
  readonly onListening?: (address: ListeningAddress) => void;
}

/** Where a server listens. For a Unix socket the host is its path, and the port 0. */
export interface ListeningAddress {
  /** Such as "http://127.0.0.1:3000". */
  readonly url: string;
  /** The address that it is bound to. */
  readonly host: string;
  /** The port that it is bound to, also when any was asked for. */
  readonly port: number;
}

/** How to close. */
export interface CloseOptions {
  /** Milliseconds that accepted requests get to finish before they are cut off. Default 30 000. */
  readonly graceMs?: number;
  /**
   * Milliseconds, of those of `graceMs`, that a load balancer gets to learn that the server is not ready: connections are accepted and
   * answered as before, each answer closes its connection. 0 is enough where nobody has to learn it. Either way the port is closed at a
   * moment at which nobody connects, so that no connection is broken, and no request is refused. Default: the port is closed at once, and
   * requests on open connections are refused with 503.
   */
  readonly drainMs?: number;
}
