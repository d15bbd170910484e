import type { Server } from "node:http";
import { StateError } from "bentoml-core";
import type { FastifyInstance } from "fastify";
import { closeServer } from "./http/closing.js";
import { listenOn } from "./http/listening.js";
import { buildServer, type ServerParts } from "./server-parts.js";
import { startRunner } from "./starting.js";
import type { CloseOptions, ListenOptions, ListeningAddress, ModelServerOptions } from "./server-options.js";

const DEFAULT_HOST = "127.0.0.1";
const DEFAULT_PORT = 3000;
const DEFAULT_GRACE_MS = 30_000;

/**
 * Serves models by the Open Inference Protocol v2 over HTTP/1.1, with probes and metrics. One object listens once and
 * closes once. Throws InvalidArgumentError for options that cannot be met.
 */
export class ModelServer {
  readonly #parts: ServerParts;
  readonly #ownsRunners: boolean;
  #listening: Promise<ListeningAddress> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ModelServerOptions) {
    this.#parts = buildServer(options);
    this.#ownsRunners = options.ownsRunners ?? false;
  }

  /**
   * Binds the port, then starts the runners when the server owns them; meanwhile probes say live and not ready.
   * Rejects with code PORT_IN_USE when the port is taken, StateError when it listens or has closed already, and with
   * what a runner failed to start with.
   */
  listen(options: ListenOptions = {}): Promise<ListeningAddress> {
    if (this.#listening !== undefined || this.#closing !== undefined) {
      return Promise.reject(new StateError("a ModelServer listens once: make another one to listen again"));
    }
    this.#listening = this.#start(options);
    return this.#listening;
  }

  /**
   * Stops serving. At once: not ready, no new connections, 503 for new requests on open ones. Accepted requests finish,
   * those still running after `graceMs` are cut off. Resolves when all connections are closed (and, when the server
   * owns them, the runners destroyed). Calling it again gives the same promise.
   */
  close(options: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#stop(options.graceMs ?? DEFAULT_GRACE_MS);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #start({ host = DEFAULT_HOST, port = DEFAULT_PORT }: ListenOptions): Promise<ListeningAddress> {
    const { fastify, errors, runnerMetrics } = this.#parts;
    await fastify.ready();
    const server = serverOf(fastify);
    const address = await listenOn(server, host, port);
    server.on("error", (error) => errors.report(error, { endpoint: "(server)", requestId: "-" }));
    runnerMetrics.start();
    try {
      if (this.#ownsRunners) await Promise.all(this.#parts.models.runners.map(startRunner));
    } catch (error) {
      await this.close({ graceMs: 0 });
      throw error;
    }
    return address;
  }

  async #stop(graceMs: number): Promise<void> {
    const { fastify, fresh, pipeline, runnerMetrics, models } = this.#parts;
    pipeline.drain();
    await closeServer(serverOf(fastify), fresh, graceMs);
    runnerMetrics.stop();
    await fastify.close();
    if (this.#ownsRunners) await Promise.all(models.runners.map((runner) => runner.destroy()));
  }
}

function serverOf(fastify: FastifyInstance): Server {
  return fastify.server;
}
