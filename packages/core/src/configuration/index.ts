/**
 * What users set outside their program: `bentoml.config.yaml`, `BENTOML_CONFIG_OPTIONS`, or an object. Read, checked and merged
 * here, once per process and not before somebody asks. The rooms above and the packages that serve use it; it uses `errors` and
 * `tag`. Its keys are in `docs/configuration.md`.
 */
export type { AccessLogConfiguration } from "./access-log-configuration.js";
export type { ApiServerConfiguration, CorsConfiguration, DurationBuckets, SslConfiguration } from "./api-server-configuration.js";
export { batchingStrategies, type BatchingConfiguration, type BatchingStrategy } from "./batching-configuration.js";
export { Configuration } from "./configuration.js";
export type { ConfigurationSources } from "./configuration-sources.js";
export { configurationError, shown } from "./configuration-error.js";
export { didYouMean } from "./near-key.js";
export { isReservedRunnerKey } from "./runner-sections.js";
export type { RunnerConfiguration } from "./runner-configuration.js";
export type { TracingConfiguration } from "./tracing-configuration.js";
