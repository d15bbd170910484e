import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { BatchEvent, ShedEvent } from "bentoml-core";
import { Counter, Gauge, type Registry } from "prom-client";
import type { ServableRunner } from "../served-model.js";
import { growingBounds } from "./duration-bounds.js";
import { HistogramSeries } from "./histogram-series.js";
import { SeriesHistogram, type Labels, type LabelledSeries } from "./series-histogram.js";
import type { ServiceLabels } from "./service-labels.js";

/** The part of a runner that is measured. */
export interface MeasuredRunner extends Pick<ServableRunner, "name" | "stats"> {
  readonly methods: Readonly<Record<string, { readonly maxBatchSize: number }>>;
}

const waitBounds: readonly number[] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Powers of two up to the largest batch, and the largest batch itself. */
export function batchSizeBounds(largestBatch: number): readonly number[] {
  return growingBounds(1, 2, Math.max(1, largestBatch));
}

interface BatchSeries {
  readonly labels: Labels;
  readonly sizes: HistogramSeries;
  readonly waits: HistogramSeries;
  readonly durations: HistogramSeries;
}

const batchLabels = ["runner_name", "worker_index", "method_name", "service_name", "service_version"] as const;
const methodLabels = ["runner_name", "method_name", "service_name", "service_version"] as const;
const runnerLabels = ["runner_name", "service_name", "service_version"] as const;

/**
 * The `bentoml_runner_*` metrics of the runners that a server serves, fed by core's diagnostics channels and
 * by the runners themselves. Batch sizes count items. Listens from `start` to `stop`.
 */
export class RunnerMetrics {
  readonly #service: ServiceLabels;
  readonly #runners: Map<string, MeasuredRunner>;
  readonly #sizeBounds: readonly number[];
  readonly #batches: Map<string, BatchSeries> = new Map();
  readonly #shed: Counter;

  constructor(registry: Registry, service: ServiceLabels, runners: readonly MeasuredRunner[]) {
    this.#service = service;
    this.#runners = new Map(runners.map((runner) => [runner.name, runner]));
    const methods = runners.flatMap((runner) => Object.values(runner.methods));
    this.#sizeBounds = batchSizeBounds(Math.max(1, ...methods.map(({ maxBatchSize }) => maxBatchSize).filter(Number.isFinite)));
    this.#registerHistograms(registry);
    this.#registerQueue(registry);
    this.#shed = new Counter({
      name: "bentoml_runner_shed_total",
      help: "Number of calls refused before they ran, by reason",
      labelNames: [...methodLabels, "reason"],
      registers: [registry],
    });
    this.#registerRestarts(registry);
  }

  start(): void {
    subscribe("bentoml:batch", this.#onBatch);
    subscribe("bentoml:shed", this.#onShed);
  }

  stop(): void {
    unsubscribe("bentoml:batch", this.#onBatch);
    unsubscribe("bentoml:shed", this.#onShed);
  }

  /** Measures this runner too; in place of one of the same name. */
  add(runner: MeasuredRunner): void {
    this.#runners.set(runner.name, runner);
  }

  /** Asks this runner no more. What it has counted stays. */
  remove(runner: MeasuredRunner): void {
    if (this.#runners.get(runner.name) === runner) this.#runners.delete(runner.name);
  }

  readonly #onBatch = (message: unknown): void => {
    const event = message as BatchEvent;
    if (!this.#runners.has(event.runner)) return;
    const series = this.#seriesOf(event);
    series.sizes.observe(event.items);
    series.waits.observe(event.queueWaitMs / 1000);
    series.durations.observe(event.durationMs / 1000);
  };

  readonly #onShed = (message: unknown): void => {
    const { runner, method, reason } = message as ShedEvent;
    if (this.#runners.has(runner)) this.#shed.inc({ runner_name: runner, method_name: method, reason, ...this.#service });
  };

  #seriesOf({ runner, method, workerIndex }: BatchEvent): BatchSeries {
    const key = `${runner}\n${method}\n${workerIndex}`;
    let series = this.#batches.get(key);
    if (series === undefined) {
      series = {
        labels: { runner_name: runner, worker_index: workerIndex, method_name: method, ...this.#service },
        sizes: new HistogramSeries(this.#sizeBounds),
        waits: new HistogramSeries(waitBounds),
        durations: new HistogramSeries(waitBounds),
      };
      this.#batches.set(key, series);
    }
    return series;
  }

  #registerHistograms(registry: Registry): void {
    const register = (name: string, help: string, bounds: readonly number[], pick: (series: BatchSeries) => HistogramSeries): void => {
      const read = (): LabelledSeries[] =>
        [...this.#batches.values()].map((series) => ({ labels: series.labels, series: pick(series) }));
      new SeriesHistogram({ name: `bentoml_runner_${name}`, help, labelNames: batchLabels, bounds, registry, read });
    };
    register("adaptive_batch_size", "Items in a batch", this.#sizeBounds, ({ sizes }) => sizes);
    register("queue_wait_seconds", "Time that the first call of a batch waited, in seconds", waitBounds, ({ waits }) => waits);
    register("batch_duration_seconds", "Time that a batch took in its worker, in seconds", waitBounds, ({ durations }) => durations);
  }

  #registerQueue(registry: Registry): void {
    const register = (name: string, help: string, valueOf: (stats: ReturnType<MeasuredRunner["stats"]>) => number): void => {
      const read = (gauge: Gauge): void => {
        gauge.reset();
        for (const runner of this.#runners.values()) gauge.set(this.#labels(runner), valueOf(runner.stats()));
      };
      new Gauge({
        name: `bentoml_runner_${name}`,
        help,
        labelNames: [...runnerLabels],
        registers: [registry],
        collect(): void {
          read(this);
        },
      });
    };
    register("queue_depth", "Items that wait for a worker", ({ queuedItems }) => queuedItems);
    register("queue_bytes", "Bytes of the arguments of the calls that wait for a worker", ({ queuedBytes = 0 }) => queuedBytes);
  }

  #registerRestarts(registry: Registry): void {
    const read = (counter: Counter): void => {
      counter.reset();
      for (const runner of this.#runners.values()) counter.inc(this.#labels(runner), runner.stats().workers.restarts);
    };
    new Counter({
      name: "bentoml_runner_worker_restarts_total",
      help: "Number of times a worker was started again after it ended",
      labelNames: [...runnerLabels],
      registers: [registry],
      collect(): void {
        read(this);
      },
    });
  }

  #labels(runner: MeasuredRunner): Record<(typeof runnerLabels)[number], string> {
    return { runner_name: runner.name, ...this.#service };
  }
}
