import { randomUUID } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { BatchEvent } from "bentoml-core";
import type { Endpoint, RequestObserver } from "../http/request-pipeline.js";
import type { ModelDirectory } from "../model-directory.js";
import { bucketOf, durationBoundsMs } from "./live-histogram.js";
import type { LiveReading } from "./page-data.js";

/** Counting goes on for this long after somebody has looked. */
const WATCHED_MS = 15_000;

/** What a live view is made of. */
export interface LiveViewSetting {
  readonly pipeline: { observer: RequestObserver | undefined };
  readonly models: ModelDirectory;
  /** Whether requests to this endpoint are part of the charts. */
  readonly isCounted: (endpoint: Endpoint) => boolean;
}

/**
 * Counts for the page's charts. It counts only while somebody looks: from a reading until `WATCHED_MS` after the last one. There is no
 * timer and nothing is kept for a client, so that clients cost one small answer each.
 */
export class LiveView {
  readonly #setting: LiveViewSetting;
  readonly #now: () => number;
  readonly #batches: Map<string, { batches: number; items: number }> = new Map();
  #counts = new Float64Array(durationBoundsMs.length + 1);
  #requests = 0;
  #failures = 0;
  #watch = "";
  #watchedUntil = -Infinity;
  #isCounting = false;

  constructor(setting: LiveViewSetting, now: () => number = () => performance.now()) {
    this.#setting = setting;
    this.#now = now;
  }

  /** Reads the counts, and counts for some seconds more. */
  read(): LiveReading {
    const atMs = this.#now();
    if (this.#isCounting && atMs > this.#watchedUntil) this.stop();
    if (!this.#isCounting) this.#begin();
    this.#watchedUntil = atMs + WATCHED_MS;
    return {
      watch: this.#watch,
      atMs,
      requests: this.#requests,
      failures: this.#failures,
      durations: { boundsMs: durationBoundsMs, counts: [...this.#counts] },
      runners: this.#setting.models.runners.map((runner) => {
        const { queuedItems, workers } = runner.stats();
        const { batches = 0, items = 0 } = this.#batches.get(runner.name) ?? {};
        return { name: runner.name, batches, items, queuedItems, workers: workers.alive ?? 0, idleWorkers: workers.idle ?? 0, restarts: workers.restarts };
      }),
    };
  }

  /** Counts no more, until the next reading. */
  stop(): void {
    if (!this.#isCounting) return;
    this.#isCounting = false;
    this.#setting.pipeline.observer = undefined;
    unsubscribe("bentoml:batch", this.#onBatch);
  }

  #begin(): void {
    this.#watch = randomUUID();
    this.#requests = 0;
    this.#failures = 0;
    this.#counts = new Float64Array(durationBoundsMs.length + 1);
    this.#batches.clear();
    this.#isCounting = true;
    this.#setting.pipeline.observer = this.#onRequest;
    subscribe("bentoml:batch", this.#onBatch);
  }

  readonly #onRequest: RequestObserver = (endpoint, status, durationMs) => {
    if (this.#now() > this.#watchedUntil) return this.stop();
    if (!this.#setting.isCounted(endpoint)) return;
    this.#requests++;
    if (status >= 400) this.#failures++;
    (this.#counts[bucketOf(durationMs)] as number)++;
  };

  readonly #onBatch = (message: unknown): void => {
    const { runner, items } = message as BatchEvent;
    let counts = this.#batches.get(runner);
    if (counts === undefined) {
      // Runners of another server in this process would be counted in vain.
      if (!this.#setting.models.runners.some(({ name }) => name === runner)) return;
      counts = { batches: 0, items: 0 };
      this.#batches.set(runner, counts);
    }
    counts.batches++;
    counts.items += items;
  };
}
