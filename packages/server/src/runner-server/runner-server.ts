import { InvalidArgumentError, StateError } from "bentoml-core";
import { pathToFileURL } from "node:url";
import { closeServer } from "../http/closing.js";
import { listenOn } from "../http/listening.js";
import type { CloseOptions } from "../server-options.js";
import { startRunner } from "../starting.js";
import { buildRunnerServer, type RunnerServerParts } from "./runner-server-parts.js";
import type { RunnerListenOptions, RunnerServerAddress, RunnerServerOptions } from "./runner-server-options.js";
import { listenOnSocket } from "./socket-path.js";

const DEFAULT_HOST = "127.0.0.1";
const DEFAULT_PORT = 3000;
const DEFAULT_GRACE_MS = 30_000;

/**
 * Serves one runner to programs that call it by `runner.initClient({ url })`: its methods, probes and metrics, over HTTP/1.1 on TCP or a
 * Unix socket. One object listens once and closes once. Throws InvalidArgumentError for options that cannot be met.
 */
export class RunnerServer {
  readonly #options: RunnerServerOptions;
  readonly #parts: RunnerServerParts;
  #isStarted: boolean;
  #listening: Promise<RunnerServerAddress> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: RunnerServerOptions) {
    this.#options = options;
    this.#isStarted = options.ownsRunner !== true;
    this.#parts = buildRunnerServer(options, () => this.#isStarted);
  }

  /**
   * Binds the port or socket, then starts the runner when the server owns it; meanwhile probes say live and not ready. Rejects with code
   * PORT_IN_USE or SOCKET_IN_USE, StateError when it listens or has closed already, and with what the runner failed to start with.
   */
  listen(options: RunnerListenOptions = {}): Promise<RunnerServerAddress> {
    if (this.#listening !== undefined || this.#closing !== undefined) {
      return Promise.reject(new StateError("a RunnerServer listens once: make another one to listen again"));
    }
    this.#listening = this.#start(options);
    return this.#listening;
  }

  /**
   * Stops serving. At once: not ready, no new connections, 503 for new calls on open ones. Accepted calls and streams finish, those still
   * running after `graceMs` are cut off. Resolves when all connections are closed (and the runner destroyed, if the server owns it).
   */
  close(options: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#stop(options.graceMs ?? DEFAULT_GRACE_MS);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #start(options: RunnerListenOptions): Promise<RunnerServerAddress> {
    const { server, errors, runnerMetrics } = this.#parts;
    const address = await this.#bind(options);
    server.on("error", (error) => errors.report(error, { endpoint: "(server)", requestId: "-" }));
    runnerMetrics.start();
    try {
      if (!this.#isStarted) await startRunner(this.#options.runner);
      this.#isStarted = true;
    } catch (error) {
      await this.close({ graceMs: 0 });
      throw error;
    }
    return address;
  }

  async #bind(options: RunnerListenOptions): Promise<RunnerServerAddress> {
    const { server } = this.#parts;
    const isEncrypted = this.#options.tls !== undefined;
    if ("socket" in options) {
      if (isEncrypted) throw new InvalidArgumentError("a Unix socket is not encrypted: nobody but this user can connect to it. Leave tls out, or listen on a port");
      await listenOnSocket(server, options.socket);
      return { url: pathToFileURL(options.socket).href.replace(/^file:\/\//, "unix:") };
    }
    const { url } = await listenOn(server, options.host ?? DEFAULT_HOST, options.port ?? DEFAULT_PORT);
    return { url: isEncrypted ? url.replace(/^http:/, "https:") : url };
  }

  async #stop(graceMs: number): Promise<void> {
    const { server, fresh, pipeline, runnerMetrics } = this.#parts;
    pipeline.drain();
    await closeServer(server, fresh, graceMs);
    runnerMetrics.stop();
    if (this.#options.ownsRunner === true) await this.#options.runner.destroy();
  }
}
