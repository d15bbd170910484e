import { setTimeout as delay } from "node:timers/promises";
import { StateError, type CallOptions, type HandleStats, type MethodSpec, type Params, type RunnerHandle } from "bentoml-core";
import type { TritonClientOptions } from "./client-options.js";
import { ServerCalls, modelPath } from "./server-calls.js";
import { ServerModel, type ModelAddress } from "./server-model.js";

/** The model of a method. */
export interface MethodModel extends ModelAddress {
  /** Whether a request has any number of responses: the method is a stream then. Default false. */
  readonly isDecoupled?: boolean;
}

/** Where the methods of a runner run. */
export interface TritonHandleOptions {
  /** Address of the server. */
  readonly url: string | URL;
  /** The model of each method. */
  readonly models: Readonly<Record<string, MethodModel>>;
  /** How the server is called. */
  readonly client?: TritonClientOptions;
}

/** Between two questions whether the models are ready. */
const POLL_MS = 100;

/** Sends the calls of a runner to an inference server, each method to its model. Batching is the server's. Connects with the first call. */
export class TritonRunnerHandle implements RunnerHandle {
  /** The server's address. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly #runnerName: string;
  readonly #calls: ServerCalls;
  readonly #addresses: readonly MethodModel[];
  readonly #models: ReadonlyMap<string, ServerModel>;
  #running = 0;
  #onIdle: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  /** @throws InvalidArgumentError for options that cannot be met. */
  constructor(runner: { readonly name: string }, { url, models, client = {} }: TritonHandleOptions) {
    this.#runnerName = runner.name;
    this.#calls = new ServerCalls(url, client);
    this.#addresses = Object.values(models);
    this.#models = new Map(Object.entries(models).map(([method, address]) => [method, new ServerModel(this.#calls, address)]));
    this.facts = { url: this.#calls.options.origin + this.#calls.options.pathPrefix };
  }

  async runMethod(method: MethodSpec, params: Params, options: CallOptions): Promise<unknown> {
    const model = this.#modelOf(method);
    this.#running++;
    try {
      return await model.run(params, options, method.idempotent);
    } finally {
      this.#leave();
    }
  }

  streamMethod(method: MethodSpec, params: Params, options: CallOptions): AsyncGenerator<unknown, void, undefined> {
    return this.#counted(this.#modelOf(method).stream(params, options));
  }

  /** Whether the server has every model ready; asks again until `timeoutMs` are over. */
  async isReady(timeoutMs: number): Promise<boolean> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      if (this.#closing !== undefined) return false;
      if (await this.#allReady(Math.max(end - performance.now(), 1))) return true;
      const left = end - performance.now();
      if (left <= 0) return false;
      await delay(Math.min(POLL_MS, left));
    }
  }

  close(graceMs: number): Promise<void> {
    this.#closing ??= this.#drain(graceMs);
    return this.#closing;
  }

  /** Calls wait on the server, and its workers are not seen from here. */
  stats(): HandleStats {
    return { queuedCalls: 0, queuedItems: 0, workers: { alive: 0, idle: 0, size: 0, restarts: 0 } };
  }

  async *#counted(items: AsyncGenerator<unknown, void, undefined>): AsyncGenerator<unknown, void, undefined> {
    this.#running++;
    try {
      yield* items;
    } finally {
      this.#leave();
    }
  }

  async #allReady(timeoutMs: number): Promise<boolean> {
    const paths = this.#addresses.map(({ modelName, modelVersion }) => `${modelPath(modelName, modelVersion)}/ready`);
    const answers = paths.map((path) => this.#calls.isWell(path, "ready", { timeoutMs }).catch(() => false));
    return (await Promise.all(answers)).every(Boolean);
  }

  async #drain(graceMs: number): Promise<void> {
    if (this.#running > 0) {
      const late = new AbortController();
      const idle = new Promise<void>((resolve) => (this.#onIdle = resolve));
      await Promise.race([idle, delay(graceMs, undefined, { signal: late.signal }).catch(() => undefined)]);
      late.abort();
    }
    await this.#calls.close(true);
  }

  #modelOf({ name }: MethodSpec): ServerModel {
    if (this.#closing !== undefined) throw new StateError(`Runner "${this.#runnerName}" is closed: init it again.`);
    const model = this.#models.get(name);
    if (model === undefined) throw new StateError(`Runner "${this.#runnerName}" has no model for its method "${name}".`);
    return model;
  }

  #leave(): void {
    if (--this.#running === 0) this.#onIdle?.();
  }
}
