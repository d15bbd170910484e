import type { CrossOriginRules } from "./http/cross-origin.js";
import type { UnexpectedErrorListener } from "./http/error-answerer.js";
import type { ServerLimits } from "./http/server-limits.js";
import type { ModelChangeListener } from "./repository/model-control.js";
import type { ModelRepository } from "./repository/model-repository.js";
import type { ServedModel } from "./served-model.js";

/** Options of a ModelServer; the limits' defaults are with ServerLimits. */
export interface ModelServerOptions extends Partial<ServerLimits> {
  /** What is served from the beginning: at least one model, unless there is a repository. */
  readonly models: readonly ServedModel[];
  /**
   * Lets clients load and unload models while the server runs, by the protocol's model repository extension. Needs `ownsRunners`.
   * Default: they cannot.
   */
  readonly repository?: ModelRepository;
  /** Told when a model of the repository is loaded or unloaded. */
  readonly onModelChange?: ModelChangeListener;
  /** Start the models' runners in `listen`, destroy them in `close`. Default false: whoever made them does. */
  readonly ownsRunners?: boolean;
  /** Which web pages of other origins may call. Default: none. */
  readonly crossOrigin?: CrossOriginRules;
  /** Compress responses of 1 KiB and more for clients that accept it. Default true. */
  readonly compressResponses?: boolean;
  /** Labels of the metrics. Default "bentoml-server" and "not available". */
  readonly serviceName?: string;
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
}

/** Where a server listens. */
export interface ListeningAddress {
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

/** How to close. */
export interface CloseOptions {
  /** Milliseconds that accepted requests get to finish before they are cut off. Default 30 000. */
  readonly graceMs?: number;
}
