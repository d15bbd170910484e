import type { DurationBuckets } from "bentoml-core";
import type { AccessLogOptions } from "./logging/access-log.js";

/** What others can see of a server at work; the same for every kind of server. */
export interface ObservabilityOptions {
  /** One line of JSON for each request. Default: none. */
  readonly accessLog?: AccessLogOptions;
  /**
   * Spans of requests, waits, batches and runs, when an OpenTelemetry SDK is registered before the server listens; without one it costs
   * nothing. Default true.
   */
  readonly tracing?: boolean;
  /** Whether there is a page `/metrics`. Default true. */
  readonly metricsEnabled?: boolean;
  /** Bounds of the histogram of request durations: `{ buckets: [0.01, 0.1, 1] }` or `{ min, max, factor }`, in seconds. Default: the original's 14, from 5 ms to 10 s. */
  readonly durationBuckets?: Partial<DurationBuckets>;
  /** Whether the metrics tell of the process too: memory, CPU, garbage collection, delay of the event loop. They wake it every 10 ms. Default false. */
  readonly processMetrics?: boolean;
}
