import type { Server } from "node:http";
import { StateError } from "bentoml-core";
import type { Registry } from "prom-client";
import { closeServer } from "./http/closing.js";
import type { ErrorAnswerer } from "./http/error-answerer.js";
import type { OpenConnections } from "./http/open-connections.js";
import type { RequestPipeline } from "./http/request-pipeline.js";
import type { RequestWatcher } from "./http/request-watcher.js";
import type { RunnerMetrics } from "./metrics/runner-metrics.js";
import type { CloseOptions } from "./server-options.js";
import { startRunner, type OwnedRunner } from "./start-runner.js";

export const DEFAULT_HOST = "127.0.0.1";
export const DEFAULT_PORT = 3000;
const DEFAULT_GRACE_MS = 30_000;
/** How long a retired server waits for the next request of connections that are idle, ms. */
const RETIRED_IDLE_MS = 5_000;

/** What every server is made of. */
export interface LivingParts {
  readonly server: Server;
  readonly connections: OpenConnections;
  readonly pipeline: RequestPipeline;
  readonly errors: ErrorAnswerer;
  readonly registry: Registry;
  readonly runnerMetrics: RunnerMetrics;
  /** Those of the pipeline. */
  readonly watchers: readonly RequestWatcher[];
  /** What else has to be started, once the runners are. */
  readonly startRest?: () => PromiseLike<void>;
  /** What else has to be closed when no connection is left. */
  readonly closeRest?: () => PromiseLike<void>;
}

/** The life of a server: it listens once, then starts the runners that it owns, and closes once. */
export class ServerLife<Address> {
  readonly #kind: string;
  readonly #parts: LivingParts;
  readonly #ownedRunners: () => readonly OwnedRunner[];
  #listening: Promise<Address> | undefined;
  #closing: Promise<void> | undefined;
  #isStarted = false;

  /**
   * @param kind the class, for messages.
   * @param ownedRunners those to start and to destroy; asked when that is to be done.
   */
  constructor(kind: string, parts: LivingParts, ownedRunners: () => readonly OwnedRunner[]) {
    this.#kind = kind;
    this.#parts = parts;
    this.#ownedRunners = ownedRunners;
  }

  /** True once the runners that the server owns have been started. */
  get isStarted(): boolean {
    return this.#isStarted || this.#ownedRunners().length === 0;
  }

  /** Rejects with StateError when it has listened or closed already, and with what `bind` or the start of a runner failed with. */
  listen(bind: (server: Server) => Promise<Address>): Promise<Address> {
    if (this.#listening !== undefined || this.#closing !== undefined) {
      return Promise.reject(new StateError(`a ${this.#kind} listens once: make another one to listen again`));
    }
    this.#listening = this.#start(bind);
    return this.#listening;
  }

  /** From now on it is not ready and each answer closes its connection; requests are answered as before. */
  leave(): void {
    const { pipeline, connections } = this.#parts;
    pipeline.leave();
    connections.lastAnswers();
  }

  /** Calling it again gives the same promise. */
  close({ graceMs = DEFAULT_GRACE_MS, drainMs }: CloseOptions): Promise<void> {
    this.#closing ??= this.#stop(graceMs, drainMs);
    return this.#closing;
  }

  /**
   * Hands over to another server: what comes on open connections is answered as before, and each answer closes its connection. Closes when
   * none is left, or when those that are left have been idle for a while.
   */
  async retire({ graceMs = DEFAULT_GRACE_MS }: CloseOptions): Promise<void> {
    const { pipeline, connections } = this.#parts;
    pipeline.retire();
    connections.lastAnswers();
    const waitMs = Math.min(graceMs, RETIRED_IDLE_MS);
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, waitMs);
    });
    await Promise.race([connections.none(), waited]);
    clearTimeout(timer);
    await this.close({ graceMs: graceMs - waitMs, drainMs: 0 });
  }

  async #start(bind: (server: Server) => Promise<Address>): Promise<Address> {
    const { server, errors, runnerMetrics, watchers, startRest } = this.#parts;
    const address = await bind(server);
    server.on("error", (error) => errors.report(error, { endpoint: "(server)", requestId: "-" }));
    runnerMetrics.start();
    for (const watcher of watchers) watcher.start();
    try {
      await Promise.all(this.#ownedRunners().map(startRunner));
      await startRest?.();
      this.#isStarted = true;
    } catch (error) {
      await this.close({ graceMs: 0 });
      throw error;
    }
    return address;
  }

  async #stop(graceMs: number, drainMs: number | undefined): Promise<void> {
    const { server, connections, pipeline, runnerMetrics, watchers, closeRest } = this.#parts;
    if (server.listening) await closeServer({ server, connections, pipeline, graceMs, drainMs });
    else pipeline.drain();
    runnerMetrics.stop();
    for (const watcher of watchers) watcher.stop();
    await closeRest?.();
    await Promise.all(this.#ownedRunners().map((runner) => runner.destroy()));
  }
}
