import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { BatchEvent } from "bentoml-core";
import { BatchStatistics } from "./batch-statistics.js";
import type { BatchCounts } from "./process-statistics.js";

/** A method of a runner whose batches are counted; another runner of the same name is another one. */
export interface CountedMethod {
  readonly runner: { readonly name: string };
  readonly method: string;
}

/** The batches of methods, as core's channel tells of them from `start` to `stop`. */
export class BatchesByMethod {
  /** By runner name and method, as the events have them. */
  readonly #methods: Map<string, { readonly runner: CountedMethod["runner"]; readonly batches: BatchStatistics }> = new Map();

  start(): void {
    subscribe("bentoml:batch", this.#onBatch);
  }

  stop(): void {
    unsubscribe("bentoml:batch", this.#onBatch);
  }

  /** Counts these from now on: forgets those of runners that are not among them, and begins with new ones at zero. */
  follow(methods: readonly CountedMethod[]): void {
    const runners = new Set(methods.map(({ runner }) => runner));
    for (const [key, { runner }] of this.#methods) if (!runners.has(runner)) this.#methods.delete(key);
    for (const method of methods) {
      const key = keyOf(method);
      if (!this.#methods.has(key)) this.#methods.set(key, { runner: method.runner, batches: new BatchStatistics() });
    }
  }

  /** By what `keyOf` gives for the method. */
  get counts(): Readonly<Record<string, BatchCounts>> {
    return Object.fromEntries([...this.#methods].map(([key, { batches }]) => [key, batches.counts]));
  }

  readonly #onBatch = (message: unknown): void => {
    const event = message as BatchEvent;
    this.#methods.get(keyOf({ runner: { name: event.runner }, method: event.method }))?.batches.add(event);
  };
}

export function keyOf({ runner, method }: CountedMethod): string {
  return `${runner.name}\n${method}`;
}
