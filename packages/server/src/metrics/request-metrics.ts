import { Counter, Gauge, type Registry } from "prom-client";
import { HistogramSeries } from "./histogram-series.js";
import { SeriesHistogram, type LabelledSeries } from "./series-histogram.js";
import type { ServiceLabels } from "./service-labels.js";

/** Bounds of the original's request durations, in seconds. */
const durationBounds: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Counts of one endpoint: a route pattern and, where the route has one, a model that is served. */
export class EndpointMetrics {
  readonly endpoint: string;
  readonly modelName: string;
  inProgress = 0;
  /** `performance.now()` of the last request's start, undefined before the first. */
  lastStartedAt: number | undefined;
  readonly durations: Map<number, HistogramSeries> = new Map();
  #ok: HistogramSeries | undefined;

  constructor(endpoint: string, modelName: string) {
    this.endpoint = endpoint;
    this.modelName = modelName;
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
      series = new HistogramSeries(durationBounds);
      this.durations.set(status, series);
    }
    return series;
  }
}

const labelNames = ["endpoint", "model_name", "service_name", "service_version"] as const;

/**
 * The `bentoml_api_server_*` metrics, with the original's names and labels plus `model_name`. `endpoint` is the route's
 * pattern, never the raw path, so that the number of series stays bounded.
 */
export class RequestMetrics {
  readonly #service: ServiceLabels;
  readonly #endpoints: Map<string, EndpointMetrics> = new Map();

  constructor(registry: Registry, service: ServiceLabels) {
    this.#service = service;
    new SeriesHistogram({
      name: "bentoml_api_server_request_duration_seconds",
      help: "Duration of HTTP requests in seconds",
      labelNames: [...labelNames, "http_response_code"],
      bounds: durationBounds,
      registry,
      read: () => this.#durations(),
    });
    this.#registerTotal(registry);
    this.#registerInProgress(registry);
    this.#registerLastRequest(registry);
  }

  /** The counts of an endpoint; the same object each time. Callers keep it. */
  endpoint(pattern: string, modelName = ""): EndpointMetrics {
    const key = `${pattern}\n${modelName}`;
    let metrics = this.#endpoints.get(key);
    if (metrics === undefined) {
      metrics = new EndpointMetrics(pattern, modelName);
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

  #labels(endpoint: EndpointMetrics): Record<(typeof labelNames)[number], string> {
    return { endpoint: endpoint.endpoint, model_name: endpoint.modelName, ...this.#service };
  }

  #registerTotal(registry: Registry): void {
    const read = (counter: Counter): void => {
      counter.reset();
      for (const { labels, series } of this.#durations()) counter.inc(labels, series.count);
    };
    new Counter({
      name: "bentoml_api_server_request_total",
      help: "Number of HTTP requests answered",
      labelNames: [...labelNames, "http_response_code"],
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
      name: "bentoml_api_server_request_in_progress",
      help: "Number of HTTP requests being answered",
      labelNames: [...labelNames],
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
      name: "bentoml_api_server_last_request_timestamp_seconds",
      help: "Unix time of the last HTTP request, in seconds",
      labelNames: ["service_name", "service_version"],
      registers: [registry],
      collect(): void {
        read(this);
      },
    });
  }
}
