import type { Server } from "node:http";
import type { Registry } from "prom-client";
import { InvalidArgumentError } from "bentoml-core";
import { listenOn } from "../http/listening.js";
import { isOpenToOthers, warnOfOpenServer } from "../http/open-to-others.js";
import { processMetrics, type ProcessMetrics } from "../metrics/process-metrics.js";
import { DEFAULT_HOST, DEFAULT_PORT, ServerLife } from "../server-life.js";
import type { CloseOptions } from "../server-options.js";
import { BatchesByMethod } from "../statistics/batches-by-method.js";
import type { ProcessStatistics } from "../statistics/process-statistics.js";
import { buildRunnerServer } from "./runner-server-parts.js";
import type { RunnerListenOptions, RunnerServerAddress, RunnerServerOptions } from "./runner-server-options.js";
import { listenOnSocket, socketUrl } from "./socket-path.js";

/**
 * Serves one runner to programs that call it by `runner.initClient({ url })`: its methods, probes and metrics, over HTTP/1.1 on TCP or a
 * Unix socket. One object listens once and closes once. Throws InvalidArgumentError for options that cannot be met.
 */
export class RunnerServer {
  readonly #isEncrypted: boolean;
  readonly #asksWhoCalls: boolean;
  readonly #life: ServerLife<RunnerServerAddress>;
  readonly #registry: Registry;
  readonly #batches: BatchesByMethod = new BatchesByMethod();

  constructor(options: RunnerServerOptions) {
    this.#isEncrypted = options.tls !== undefined;
    this.#asksWhoCalls = options.token !== undefined || options.tls?.clientCa !== undefined;
    const parts = buildRunnerServer(options, () => this.#life.isStarted);
    this.#registry = parts.registry;
    this.#batches.follow(Object.keys(options.runner.methods).map((method) => ({ runner: options.runner, method })));
    const startRest = async (): Promise<void> => this.#batches.start();
    const closeRest = async (): Promise<void> => this.#batches.stop();
    this.#life = new ServerLife("RunnerServer", { ...parts, startRest, closeRest }, () => (options.ownsRunner === true ? [options.runner] : []));
  }

  /**
   * Binds the port or socket, then starts the runner when the server owns it; meanwhile probes say live and not ready. Warns
   * (`BENTOML_OPEN_TO_OTHERS`) of a host that others can reach while neither a token nor client certificates are asked for. Rejects with code
   * PORT_IN_USE or SOCKET_IN_USE, StateError when it listens or has closed already, and with what the runner failed to start with.
   */
  listen(options: RunnerListenOptions = {}): Promise<RunnerServerAddress> {
    return this.#life.listen((server) => this.#bind(server, options));
  }

  /** What `/metrics` shows, as plain data that another process can add to its own. */
  metrics(): Promise<ProcessMetrics> {
    return processMetrics(this.#registry);
  }

  /** The batches of the runner's methods, as plain data that a server of models in another process can add to its own. */
  statistics(): ProcessStatistics {
    return { requests: {}, batches: this.#batches.counts };
  }

  /**
   * Stops serving. At once: not ready, no new connections, 503 for new calls on open ones. Accepted calls and streams finish, those still
   * running after `graceMs` are cut off. Resolves when all connections are closed (and the runner destroyed, if the server owns it).
   * With `drainMs` no call is refused, as with ModelServer.
   */
  close(options: CloseOptions = {}): Promise<void> {
    return this.#life.close(options);
  }

  /** `await using server = …` closes it at the end of the block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #bind(server: Server, options: RunnerListenOptions): Promise<RunnerServerAddress> {
    if ("socket" in options) {
      if (this.#isEncrypted) throw new InvalidArgumentError("a Unix socket is not encrypted: nobody but this user can connect to it. Leave tls out, or listen on a port");
      await listenOnSocket(server, options.socket);
      return { url: socketUrl(options.socket) };
    }
    const { host = DEFAULT_HOST, port = DEFAULT_PORT } = options;
    const { url } = await listenOn(server, host, port);
    if (!this.#asksWhoCalls && isOpenToOthers(host)) warnOfOpenServer(host, "a token (token)");
    return { url };
  }
}
