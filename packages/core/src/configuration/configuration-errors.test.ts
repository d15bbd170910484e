import { expect, test, vi } from "vitest";
import { Configuration } from "./configuration.js";

function errorOf(options: Record<string, unknown>): Error {
  try {
    Configuration.load({ file: false, environment: {}, options });
  } catch (error) {
    return error as Error;
  }
  throw new Error("no error");
}

test.each<[Record<string, unknown>, string]>([
  [{ runners: { batching: { max_batch_size: 0 } } }, "runners.batching.max_batch_size is 0; it must be a whole number of 1 or more."],
  [{ runners: { batching: { max_batch_size: 2.5 } } }, "runners.batching.max_batch_size is 2.5; it must be a whole number of 1 or more."],
  [{ runners: { batching: { max_batch_size: "32" } } }, 'runners.batching.max_batch_size is "32"; it must be a whole number of 1 or more.'],
  [{ runners: { "my.runner": { batching: { max_latency_ms: -1 } } } }, 'runners."my.runner".batching.max_latency_ms is -1; it must be a number of milliseconds above 0.'],
  [{ runners: { batching: { strategy: "fast" } } }, 'runners.batching.strategy is "fast"; it must be adaptive, fixed or off.'],
  [{ runners: { r: { batching: { strategy: true } } } }, "runners.r.batching.strategy is true; it must be adaptive, fixed or off."],
  [{ runners: { batching: { max_queue_delay_ms: -1 } } }, "runners.batching.max_queue_delay_ms is -1; it must be a number of milliseconds, 0 or more."],
  [{ runners: { batching: { max_queue_bytes: 0.5 } } }, "runners.batching.max_queue_bytes is 0.5; it must be a whole number of 1 or more."],
  [{ runners: { batching: { enabled: "yes" } } }, 'runners.batching.enabled is "yes"; it must be true or false.'],
  [{ runners: { workers_per_resource: 0 } }, "runners.workers_per_resource is 0; it must be a number above 0."],
  [{ runners: { workers_per_resource: Infinity } }, "runners.workers_per_resource is Infinity; it must be a number above 0."],
  [{ runners: { traffic: { timeout: 0 } } }, "runners.traffic.timeout is 0; it must be a number of seconds above 0."],
  [{ runners: { resources: "all" } }, 'runners.resources is "all"; it must be a mapping of kinds of resources to amounts, such as { cpu: 2 }, or "system".'],
  [{ runners: { resources: [1] } }, 'runners.resources is [ 1 ]; it must be a mapping of kinds of resources to amounts, such as { cpu: 2 }, or "system".'],
  [{ runners: [] }, "runners is []; it must be a mapping."],
  [{ api_server: [] }, "api_server is []; it must be a mapping with workers, "],
  [{ runners: 3 }, "runners is 3; it must be a mapping."],
  [{ api_server: { http: { port: 65_536 } } }, "api_server.http.port is 65536; it must be a whole number from 0 to 65535."],
  [{ api_server: { http: { host: "localhost:80" } } }, 'api_server.http.host is "localhost:80"; it must be an IP address or the name of a host, without a port.'],
  [{ api_server: { http: "x" } }, 'api_server.http is "x"; it must be a mapping with host, port, cors.'],
  [{ api_server: { metrics: { duration: { buckets: [1, 1] } } } }, "api_server.metrics.duration.buckets is [ 1, 1 ]; it must be a list of one or more seconds above 0, each above the one before."],
  [{ api_server: { metrics: { duration: { min: 1, max: 1, factor: 2 } } } }, "it must be either buckets, or min, max and factor with min below max."],
  [{ api_server: { http: { cors: { allow_origin_regex: "(" } } } }, 'api_server.http.cors.allow_origin_regex is "("; it must be a regular expression.'],
])("%j: %s", (options, message) => {
  const error = errorOf(options);
  expect(error.message).toMatch(/^The configuration in the options given by the program cannot be used\. /);
  expect(error.message).toContain(message);
  expect(error).toMatchObject({ code: "INVALID_CONFIGURATION" });
});

test.each<[Record<string, unknown>, string]>([
  [{ runner: {} }, 'runner is an unknown key, did you mean "runners"? Allowed here: version, api_server, runners, tracing.'],
  [{ runners: { batching: { maxBatchSize: 3 } } }, 'runners.batching.maxBatchSize is an unknown key, did you mean "max_batch_size"? Allowed here: enabled, max_batch_size, max_latency_ms, strategy, max_queue_delay_ms, max_queue_size, max_queue_bytes.'],
  [{ runners: { digits: { bathcing: {} } } }, 'runners.digits.bathcing is an unknown key, did you mean "batching"?'],
  [{ api_server: { xyz: 1 } }, "api_server.xyz is an unknown key. Allowed here: workers, "],
  [{ runners: { batchng: { max_batch_size: 3 } } }, '(If runners.batchng is not the section of a runner called "batchng", write runners.batching.)'],
])("%j is told with the allowed keys: %s", (options, message) => {
  expect(errorOf(options).message).toContain(message);
});

test.each<[Record<string, unknown>, RegExp]>([
  [{ runners: { workers_per_resorce: 2 } }, /runners\.workers_per_resorce in .* neither a setting of all runners .* nor the section of a runner; did you mean "workers_per_resource"\?/],
  [{ runners: { "not a name": {} } }, /runners\."not a name" in .* nor the section of a runner/],
  [{ runners: { ["__proto__x"]: {} } }, /nor the section of a runner/],
])("%j is no section of a runner", (options, message) => {
  expect(errorOf(options).message).toMatch(message);
});

test("all faults are told at once", () => {
  const { message } = errorOf({ runners: { batching: { max_batch_size: 0, max_latency_ms: "x" } } });
  expect(message).toContain("max_batch_size is 0");
  expect(message).toContain('max_latency_ms is "x"');
});

test.each<[Record<string, unknown>, RegExp]>([
  [{ version: 2 }, /version in .* is 2; only version 1/],
  [{ services: {} }, /services in .* is a section of Python's BentoML that is not supported: it belongs to services of BentoML 1\.2/],
  [{ tracing: { exporter_type: "zipkin" } }, /tracing\.exporter_type in .*not supported: the OpenTelemetry SDK that you register exports/],
  [{ tracing: { sample_rate: 0.1 } }, /tracing\.sample_rate in .*not supported: .*OTEL_TRACES_SAMPLER_ARG/],
  [{ monitoring: {} }, /monitoring in .*not supported/],
  [{ api_server: { backlog: 2048 } }, /api_server\.backlog in .*is a setting of Python's BentoML that is not supported/],
  [{ api_server: { grpc: { port: 1 } } }, /api_server\.grpc in .*only HTTP is served/],
  [{ api_server: { ssl: { ciphers: "TLSv1" } } }, /api_server\.ssl\.ciphers in .*--tls-cipher-list/],
  [{ api_server: { ssl: { cert_reqs: 2 } } }, /api_server\.ssl\.cert_reqs in .*ca_certs/],
  [{ api_server: { max_request_size: 1 } }, /api_server\.max_request_size in .*--max-body-bytes/],
  [{ runners: { digits: { metrics: { namespace: "x" } } } }, /runners\.digits\.metrics\.namespace in .*names of metrics are fixed/],
])("%j is said to be unsupported, never passed over", (options, message) => {
  expect(errorOf(options).message).toMatch(message);
});

test("old names move to their new places with a warning each, and are refused beside the new one", () => {
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue();
  const options = { api_server: { host: "::1", port: 4000, timeout: 5, cors: { enabled: true } } };
  const { apiServer } = Configuration.load({ file: false, environment: {}, options });
  expect(apiServer).toMatchObject({ host: "::1", port: 4000, timeoutMs: 5_000, cors: { enabled: true } });
  expect(warn.mock.calls.map(([message]) => String(message).split(" in ")[0])).toEqual(["api_server.host", "api_server.port", "api_server.cors", "api_server.timeout"]);
  warn.mockRestore();
  expect(errorOf({ api_server: { port: 1, http: { port: 2 } } }).message).toMatch(/api_server\.http\.port and its old name api_server\.port; remove the old one/);
});
