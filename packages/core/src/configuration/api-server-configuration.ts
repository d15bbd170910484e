import { accessLog, type AccessLogConfiguration } from "./access-log-configuration.js";
import type { Section } from "./section.js";
import { flagAt, numberAt, sectionAt, secondsAsMs, textAt, textsAt } from "./setting-values.js";

const DEFAULT_MAX_RUNNER_CONNECTIONS = 16;
const DEFAULT_TIMEOUT_SECONDS = 60;
const DEFAULT_PROBE_SECONDS = 1;

/** Which web pages of other origins may call the server. Off unless `enabled`. */
export interface CorsConfiguration {
  readonly enabled: boolean;
  readonly allowOrigins: readonly string[];
  readonly allowOriginRegex: string | undefined;
  readonly allowCredentials: boolean;
  readonly allowHeaders: readonly string[];
  readonly allowMethods: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds: number | undefined;
}

/** Files in PEM for HTTPS, their paths as they were given. Off unless `enabled`. */
export interface SslConfiguration {
  readonly enabled: boolean;
  readonly certfile: string | undefined;
  readonly keyfile: string | undefined;
  readonly keyfilePassword: string | undefined;
  /** Authority that must have signed the clients' certificates. */
  readonly caCerts: string | undefined;
}

/** Bounds of the histogram of request durations, in seconds: listed, or growing by a factor from min to max. */
export interface DurationBuckets {
  readonly buckets: readonly number[] | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly factor: number | undefined;
}

/** What a configuration says to the server that users call. What it does not say is undefined, or the default given here. */
export interface ApiServerConfiguration {
  /** Where to listen. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly cors: CorsConfiguration;
  readonly ssl: SslConfiguration;
  /** Processes that answer. */
  readonly workers: number | undefined;
  /** Calls at once to one runner on another process. Default 16. */
  readonly maxRunnerConnections: number;
  /** Milliseconds until a request is given up. Default 60 000. */
  readonly timeoutMs: number;
  /** Requests being answered at once; undefined is no limit. */
  readonly maxConcurrency: number | undefined;
  readonly accessLog: AccessLogConfiguration;
  /** Default true. */
  readonly metricsEnabled: boolean;
  readonly durationBuckets: DurationBuckets;
  /** Whether readiness asks the runners (default true), and how many milliseconds each has to answer (default 1 000). */
  readonly runnerProbe: { readonly enabled: boolean; readonly timeoutMs: number };
}

export function apiServerConfiguration(merged: Section): ApiServerConfiguration {
  const settings = sectionAt(merged, ["api_server"]);
  return {
    host: textAt(settings, ["http", "host"]),
    port: numberAt(settings, ["http", "port"]),
    cors: corsOf(sectionAt(settings, ["http", "cors"])),
    ssl: {
      enabled: flagAt(settings, ["ssl", "enabled"], false),
      certfile: textAt(settings, ["ssl", "certfile"]),
      keyfile: textAt(settings, ["ssl", "keyfile"]),
      keyfilePassword: textAt(settings, ["ssl", "keyfile_password"]),
      caCerts: textAt(settings, ["ssl", "ca_certs"]),
    },
    workers: numberAt(settings, ["workers"]),
    maxRunnerConnections: numberAt(settings, ["max_runner_connections"]) ?? DEFAULT_MAX_RUNNER_CONNECTIONS,
    timeoutMs: secondsAsMs(settings, ["traffic", "timeout"], DEFAULT_TIMEOUT_SECONDS),
    maxConcurrency: numberAt(settings, ["traffic", "max_concurrency"]),
    accessLog: accessLog(settings),
    metricsEnabled: flagAt(settings, ["metrics", "enabled"], true),
    durationBuckets: bucketsOf(sectionAt(settings, ["metrics", "duration"])),
    runnerProbe: {
      enabled: flagAt(settings, ["runner_probe", "enabled"], true),
      timeoutMs: secondsAsMs(settings, ["runner_probe", "timeout"], DEFAULT_PROBE_SECONDS),
    },
  };
}

function corsOf(settings: Section): CorsConfiguration {
  return {
    enabled: flagAt(settings, ["enabled"], false),
    allowOrigins: textsAt(settings, ["allow_origins"]),
    allowOriginRegex: textAt(settings, ["allow_origin_regex"]),
    allowCredentials: flagAt(settings, ["allow_credentials"], false),
    allowHeaders: textsAt(settings, ["allow_headers"]),
    allowMethods: textsAt(settings, ["allow_methods"]),
    exposeHeaders: textsAt(settings, ["expose_headers"]),
    maxAgeSeconds: numberAt(settings, ["max_age"]),
  };
}

function bucketsOf(settings: Section): DurationBuckets {
  return {
    buckets: (settings["buckets"] as readonly number[] | null | undefined) ?? undefined,
    min: numberAt(settings, ["min"]),
    max: numberAt(settings, ["max"]),
    factor: numberAt(settings, ["factor"]),
  };
}
