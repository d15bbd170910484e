import { Counter, Gauge, type Registry } from "prom-client";
import { durationBounds } from "./duration-bounds.js";
import { HistogramSeries } from "./histogram-series.js";
import { SeriesHistogram, type LabelledSeries } from "./series-histogram.js";
import type { ServiceLabels } from "./service-labels.js";

/** Counts of one endpoint: a route pattern and, where the route has one, a model or runner that is served. */
export class EndpointMetrics {
  readonly endpoint: string;
  /** The model or runner that is asked, "" for routes without one. */
  readonly target: string;
  inProgress = 0;
  /** `performance.now()` of the last request's start, undefined before the first. */
  lastStartedAt: number | undefined;
  readonly durations: Map<number, HistogramSeries> = new Map();
  readonly #bounds: readonly number[];
  #ok: HistogramSeries | undefined;

  /** @param bounds of the histogram of durations, in seconds. */
  constructor(endpoint: string, target: string, bounds: readonly number[] = durationBounds()) {
    this.endpoint = endpoint;
    this.target = target;
    this.#bounds = bounds;
  }

  started(startedAt: number): void {
    this.inProgress++;
    this.lastStartedAt = startedAt;
  }

  finished(status: number, seconds: number): void {
    this.inProgress--;
    if (status === 200) (this.#ok ??= this.#series(200)).observe(seconds);
    else this.#series(status).observe(seconds);
  }

  #series(status: number): HistogramSeries {
    let series = this.durations.get(status);
    if (series === undefined) {
      series = new HistogramSeries(this.#bounds);
      this.durations.set(status, series);
    }
    return series;
  }
}

/** What the metrics of a kind of server are called. */
export interface RequestMetricNames {
  readonly namespace: "bentoml_api_server" | "bentoml_runner";
  readonly targetLabel: "model_name" | "runner_name";
}

/**
 * The metrics of requests, with the original's names and labels; the API server's have `model_name` besides. `endpoint` is the route's
 * pattern, never the raw path, so that the number of series stays bounded.
 */
export class RequestMetrics {
  readonly #service: ServiceLabels;
  readonly #names: RequestMetricNames;
  readonly #labelNames: readonly string[];
  readonly #bounds: readonly number[];
  readonly #endpoints: Map<string, EndpointMetrics> = new Map();

  constructor(registry: Registry, service: ServiceLabels, names: RequestMetricNames, bounds: readonly number[] = durationBounds()) {
    this.#service = service;
    this.#bounds = bounds;
    this.#names = names;
    this.#labelNames = ["endpoint", names.targetLabel, "service_name", "service_version"];
    new SeriesHistogram({
      name: `${names.namespace}_request_duration_seconds`,
      help: "Duration of HTTP requests in seconds",
      labelNames: [...this.#labelNames, "http_response_code"],
      bounds,
      registry,
      read: () => this.#durations(),
    });
    this.#registerTotal(registry);
    this.#registerInProgress(registry);
    this.#registerLastRequest(registry);
  }

  /** The counts of an endpoint; the same object each time. Callers keep it. */
  endpoint(pattern: string, target = ""): EndpointMetrics {
    const key = `${pattern}\n${target}`;
    let metrics = this.#endpoints.get(key);
    if (metrics === undefined) {
      metrics = new EndpointMetrics(pattern, target, this.#bounds);
      this.#endpoints.set(key, metrics);
    }
    return metrics;
  }

  *#durations(): Iterable<LabelledSeries> {
    for (const endpoint of this.#endpoints.values()) {
      for (const [status, series] of endpoint.durations) {
        yield { labels: { ...this.#labels(endpoint), http_response_code: status }, series };
      }
    }
  }

  #labels({ endpoint, target }: EndpointMetrics): Record<string, string> {
    return { endpoint, [this.#names.targetLabel]: target, ...this.#service };
  }

  #registerTotal(registry: Registry): void {
    const read = (counter: Counter): void => {
      counter.reset();
      for (const { labels, series } of this.#durations()) counter.inc(labels, series.count);
    };
    new Counter({
      name: `${this.#names.namespace}_request_total`,
      help: "Number of HTTP requests answered",
      labelNames: [...this.#labelNames, "http_response_code"],
      registers: [registry],
      collect(): void {
        read(this);
      },
    });
  }

  #registerInProgress(registry: Registry): void {
    const read = (gauge: Gauge): void => {
      for (const endpoint of this.#endpoints.values()) gauge.set(this.#labels(endpoint), endpoint.inProgress);
    };
    new Gauge({
      name: `${this.#names.namespace}_request_in_progress`,
      help: "Number of HTTP requests being answered",
      labelNames: [...this.#labelNames],
      registers: [registry],
      collect(): void {
        read(this);
      },
    });
  }

  #registerLastRequest(registry: Registry): void {
    const read = (gauge: Gauge): void => {
      const starts = [...this.#endpoints.values()].flatMap(({ lastStartedAt }) => lastStartedAt ?? []);
      if (starts.length > 0) gauge.set({ ...this.#service }, (performance.timeOrigin + Math.max(...starts)) / 1000);
    };
    new Gauge({
      name: `${this.#names.namespace}_last_request_timestamp_seconds`,
      help: "Unix time of the last HTTP request, in seconds",
      labelNames: ["service_name", "service_version"],
      // Of several processes: the latest.
      aggregator: "max",
      registers: [registry],
      collect(): void {
        read(this);
      },
    });
  }
}
