import type { Server } from "node:http";
import type { Socket } from "node:net";
import { listenOn } from "./http/listening.js";
import { isOpenToOthers, warnOfOpenServer } from "./http/open-to-others.js";
import { processMetrics, type ProcessMetrics } from "./metrics/process-metrics.js";
import { listenOnSocket, socketUrl } from "./runner-server/socket-path.js";
import { DEFAULT_HOST, DEFAULT_PORT, ServerLife } from "./server-life.js";
import type { CloseOptions, ListenOptions, ListeningAddress, ModelServerOptions } from "./server-options.js";
import type { ProcessStatistics } from "./statistics/process-statistics.js";
import { buildServer, type ServerParts } from "./server-parts.js";

/**
 * Serves models by the Open Inference Protocol v2 over HTTP/1.1, with probes and metrics. One object listens once and
 * closes once. Throws InvalidArgumentError for options that cannot be met.
 */
export class ModelServer {
  readonly #parts: ServerParts;
  readonly #life: ServerLife<ListeningAddress>;
  readonly #asksWhoCalls: boolean;

  constructor(options: ModelServerOptions) {
    this.#parts = buildServer(options);
    options.service?.freeze();
    this.#asksWhoCalls = options.access !== undefined || options.tls?.clientCa !== undefined;
    const { fastify, models, control, statistics, live, serviceLife, mounted } = this.#parts;
    const closeRest = async (): Promise<void> => {
      live?.stop();
      statistics.stop();
      await fastify.close();
      await mounted?.close();
      await control?.settled();
      await serviceLife?.stop();
    };
    const startRest = async (): Promise<void> => {
      statistics.start();
      await serviceLife?.start();
    };
    this.#life = new ServerLife("ModelServer", { ...this.#parts, server: fastify.server, startRest, closeRest }, () => (options.ownsRunners === true ? models.runners : []));
  }

  /**
   * Binds the port, then starts the runners when the server owns them; meanwhile probes say live and not ready. Warns
   * (`BENTOML_OPEN_TO_OTHERS`) of a host that others can reach while neither `access` nor client certificates are asked for.
   * Rejects with code PORT_IN_USE when the port is taken, StateError when it listens or has closed already, and with
   * what a runner failed to start with.
   */
  listen(options: ListenOptions = {}): Promise<ListeningAddress> {
    return this.#life.listen(async (server) => {
      await this.#parts.fastify.ready();
      await this.#parts.mounted?.ready();
      const address = await this.#bind(server, options);
      options.onListening?.(address);
      return address;
    });
  }

  /** Serves a connection that another process has accepted and handed to this one, as if it had come to this server's own port. */
  takeConnection(socket: Socket): void {
    const { server } = this.#parts.fastify;
    if (this.#parts.connections.count >= server.maxConnections) socket.destroy();
    else server.emit("connection", socket);
  }

  /** What `/metrics` shows, as plain data that another process can add to its own. */
  metrics(): Promise<ProcessMetrics> {
    return processMetrics(this.#parts.registry);
  }

  /** What the statistics of models are made of, as plain data that another process can add to its own. */
  statistics(): ProcessStatistics {
    return this.#parts.statistics.counts;
  }

  /**
   * Hands over to another server, so that no request fails: for 5 s what comes on open connections is answered as before, and each answer
   * closes its connection. Then closes as `close` does, within `graceMs` in all. Resolves when it is closed.
   */
  retire(options: CloseOptions = {}): Promise<void> {
    return this.#life.retire(options);
  }

  /**
   * From now on it is not ready and each answer closes its connection; requests are answered as before. For a server whose connections
   * another process accepts: `close` follows when that one hands over no more. Otherwise `close` with `drainMs` does all of it.
   */
  leave(): void {
    this.#life.leave();
  }

  /**
   * Stops serving. At once: not ready, no new connections, 503 for new requests on open ones. Accepted requests finish,
   * those still running after `graceMs` are cut off. Resolves when all connections are closed (and, when the server
   * owns them, the runners destroyed). Calling it again gives the same promise. With `drainMs` no request is refused: new connections are
   * accepted for so long, and what comes on those that are open is answered until they are closed.
   */
  close(options: CloseOptions = {}): Promise<void> {
    return this.#life.close(options);
  }

  /** `await using server = …` closes it at the end of the block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #bind(server: Server, { host = DEFAULT_HOST, port = DEFAULT_PORT, socket }: ListenOptions): Promise<ListeningAddress> {
    if (socket !== undefined) {
      await listenOnSocket(server, socket);
      return { url: socketUrl(socket), host: socket, port: 0 };
    }
    const address = await listenOn(server, host, port);
    if (!this.#asksWhoCalls && isOpenToOthers(host)) warnOfOpenServer(host, "tokens or API keys (access)");
    return address;
  }
}
