import { listenOn } from "./http/listening.js";
import { DEFAULT_HOST, DEFAULT_PORT, ServerLife } from "./server-life.js";
import type { CloseOptions, ListenOptions, ListeningAddress, ModelServerOptions } from "./server-options.js";
import { buildServer, type ServerParts } from "./server-parts.js";

/**
 * Serves models by the Open Inference Protocol v2 over HTTP/1.1, with probes and metrics. One object listens once and
 * closes once. Throws InvalidArgumentError for options that cannot be met.
 */
export class ModelServer {
  readonly #parts: ServerParts;
  readonly #life: ServerLife<ListeningAddress>;

  constructor(options: ModelServerOptions) {
    this.#parts = buildServer(options);
    const { fastify, models, control } = this.#parts;
    const closeRest = async (): Promise<void> => {
      await fastify.close();
      await control?.settled();
    };
    this.#life = new ServerLife("ModelServer", { ...this.#parts, server: fastify.server, closeRest }, () => (options.ownsRunners === true ? models.runners : []));
  }

  /**
   * Binds the port, then starts the runners when the server owns them; meanwhile probes say live and not ready.
   * Rejects with code PORT_IN_USE when the port is taken, StateError when it listens or has closed already, and with
   * what a runner failed to start with.
   */
  listen({ host = DEFAULT_HOST, port = DEFAULT_PORT }: ListenOptions = {}): Promise<ListeningAddress> {
    return this.#life.listen(async (server) => {
      await this.#parts.fastify.ready();
      return listenOn(server, host, port);
    });
  }

  /**
   * Stops serving. At once: not ready, no new connections, 503 for new requests on open ones. Accepted requests finish,
   * those still running after `graceMs` are cut off. Resolves when all connections are closed (and, when the server
   * owns them, the runners destroyed). Calling it again gives the same promise.
   */
  close(options: CloseOptions = {}): Promise<void> {
    return this.#life.close(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
