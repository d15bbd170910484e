import { BentoMLError } from "bentoml-core";
import type { ErrorAnswerer } from "../http/error-answerer.js";
import type { Service } from "./service.js";

/** Whether a server's service has started, and its hooks. */
export class ServiceLife {
  readonly #service: Service;
  readonly #errors: ErrorAnswerer;
  #isStarted = false;

  constructor(service: Service, errors: ErrorAnswerer) {
    this.#service = service;
    this.#errors = errors;
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** Rejects with code STARTUP_FAILED when a hook does. */
  async start(): Promise<void> {
    try {
      await this.#service.runStartupHooks();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new BentoMLError(`service ${this.#service.name} cannot start, a startup hook failed: ${reason}`, { code: "STARTUP_FAILED", cause });
    }
    this.#isStarted = true;
  }

  /** Does the shutdown hooks of a service that was started. What they throw is reported and keeps nothing else from ending. */
  async stop(): Promise<void> {
    if (!this.#isStarted) return;
    try {
      await this.#service.runShutdownHooks();
    } catch (error) {
      this.#errors.report(error, { endpoint: "(shutdown)", requestId: "-" });
    }
  }
}
