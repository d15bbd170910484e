import { configurationError, shown } from "./configuration-error.js";
import { dottedPath } from "./dotted-path.js";
import { runnerNames } from "./runner-sections.js";
import { isSection, valueAt, type Section } from "./section.js";

const EXPORTER_CURE = "the OpenTelemetry SDK that you register exports, by the variables OTEL_TRACES_EXPORTER and OTEL_EXPORTER_OTLP_ENDPOINT; see docs/observability.md";

/** Keys that Python's BentoML has and we do not, with what to do instead. */
const UNSUPPORTED: readonly (readonly [path: string, cure: string])[] = [
  ["services", "it belongs to services of BentoML 1.2 and later; what configures runners stands under runners"],
  ["tracing.sample_rate", "the OpenTelemetry SDK samples: set OTEL_TRACES_SAMPLER=parentbased_traceidratio and OTEL_TRACES_SAMPLER_ARG"],
  ["tracing.excluded_urls", "probes and metrics have no spans, and the OpenTelemetry SDK can leave out more; remove it"],
  ...["type", "exporter_type", "timeout", "max_tag_value_length", "zipkin", "jaeger", "otlp"].map((key) => [`tracing.${key}`, EXPORTER_CURE] as const),
  ["monitoring", "data is not collected; remove it"],
  ["yatai", "there is no such deployment; remove it"],
  ["api_server.backlog", "Node.js chooses the length of the queue of new connections; remove it"],
  ["api_server.grpc", "only HTTP is served; remove it"],
  ...["version", "ciphers"].map((key) => [`api_server.ssl.${key}`, "Node.js chooses what is safe, and takes --tls-min-v1.3 and --tls-cipher-list; remove it"] as const),
  ["api_server.ssl.cert_reqs", "clients need certificates if ca_certs is given; remove it"],
  ["api_server.max_request_size", "write bentoml serve --max-body-bytes, or maxBodyBytes of a ModelServer"],
  ["api_server.metrics.namespace", "the names of metrics are fixed; remove it"],
  ["api_server.http.response", "no header with a trace's id is sent; remove it"],
  ["api_server.runner_probe.period", "whoever asks for /readyz chooses how often; remove it"],
];

const UNSUPPORTED_OF_RUNNERS: typeof UNSUPPORTED = [["metrics.namespace", "the names of metrics are fixed; remove it"]];

/** @throws InvalidArgumentError for a key that the Python original has and that would do nothing here. */
export function refuseUnsupportedKeys(section: Section, label: string): void {
  for (const [path, cure] of UNSUPPORTED) refuse(section, path.split("."), label, cure);
  for (const place of [["runners"], ...runnerNames(section).map((name) => ["runners", name])]) {
    for (const [path, cure] of UNSUPPORTED_OF_RUNNERS) refuse(section, [...place, ...path.split(".")], label, cure);
  }
  const { version } = section;
  if (version !== undefined && version !== 1) {
    throw configurationError(`version in ${label} is ${shown(version)}; only version 1 of the configuration, the one with runners, is read.`);
  }
}

function refuse(section: Section, path: readonly string[], label: string, cure: string): void {
  const value = valueAt(section, path);
  if (value === undefined) return;
  const what = isSection(value) ? "is a section" : "is a setting";
  throw configurationError(`${dottedPath(path)} in ${label} ${what} of Python's BentoML that is not supported: ${cure}.`);
}
