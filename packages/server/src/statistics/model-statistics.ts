import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { BatchEvent } from "bentoml-core";
import type { ModelDirectory } from "../model-directory.js";
import type { ServableRunner, ServedModel } from "../served-model.js";
import { BatchStatistics } from "./batch-statistics.js";
import { DurationSum } from "./duration-sum.js";
import { RequestStatistics } from "./request-statistics.js";

interface MeasuredMethod {
  readonly runner: ServableRunner;
  readonly batches: BatchStatistics;
}

/**
 * What the statistics extension tells of each model that is served: requests, as the server's routes saw them, and batches, as core's
 * channel tells of them from `start` to `stop`. A version that is loaded anew begins at zero.
 */
export class ModelStatistics {
  readonly #directory: ModelDirectory;
  /** By runner name and method, as the events have them. */
  readonly #methods: Map<string, MeasuredMethod> = new Map();
  readonly #requests: WeakMap<ServedModel, RequestStatistics> = new WeakMap();

  constructor(directory: ModelDirectory) {
    this.#directory = directory;
    this.#follow();
    directory.onChange(() => this.#follow());
  }

  start(): void {
    subscribe("bentoml:batch", this.#onBatch);
  }

  stop(): void {
    unsubscribe("bentoml:batch", this.#onBatch);
  }

  /** Where a model's requests are counted. */
  requestsOf(model: ServedModel): RequestStatistics {
    let requests = this.#requests.get(model);
    if (requests === undefined) {
      requests = new RequestStatistics();
      this.#requests.set(model, requests);
    }
    return requests;
  }

  /** A row of the answer, as Triton has it. Nothing here keeps answers, so the counts of a cache stay at zero. */
  describe(model: ServedModel): object {
    const requests = this.requestsOf(model);
    const { batches } = this.#methods.get(keyOf(model)) as MeasuredMethod;
    const none = new DurationSum();
    return {
      name: model.name,
      version: model.version,
      last_inference: requests.lastAt,
      ...batches.counts,
      inference_stats: { ...requests.toJSON(), ...batches.requestTimes, cache_hit: none, cache_miss: none },
      response_stats: {},
      batch_stats: batches.sizes,
      memory_usage: [],
    };
  }

  readonly #onBatch = (message: unknown): void => {
    const event = message as BatchEvent;
    this.#methods.get(keyOf({ runner: { name: event.runner }, method: event.method }))?.batches.add(event);
  };

  /** Forgets runners that are not served any more, and begins with those that have come. */
  #follow(): void {
    const runners = new Set(this.#directory.models.map(({ runner }) => runner));
    for (const [key, { runner }] of this.#methods) if (!runners.has(runner)) this.#methods.delete(key);
    for (const model of this.#directory.models) {
      const key = keyOf(model);
      if (!this.#methods.has(key)) this.#methods.set(key, { runner: model.runner, batches: new BatchStatistics() });
    }
  }
}

function keyOf({ runner, method }: { readonly runner: { readonly name: string }; readonly method: string }): string {
  return `${runner.name}\n${method}`;
}
