import { accessLog, type AccessLogConfiguration } from "./access-log-configuration.js";
import type { Section } from "./section.js";
import { flagAt, numberAt, sectionAt, secondsAsMs, textAt, textsAt } from "./setting-values.js";

const DEFAULT_MAX_RUNNER_CONNECTIONS = 16;
const DEFAULT_TIMEOUT_SECONDS = 60;
const DEFAULT_PROBE_SECONDS = 1;

/** Which web pages of other origins may call the server. Off unless `enabled`. */
export interface CorsConfiguration {
  /** Whether web pages of other origins may call. Default false. */
  readonly enabled: boolean;
  /** Which origins, such as "https://example.org"; "*" is all. Default none. */
  readonly allowOrigins: readonly string[];
  /** A regular expression that more origins fit. */
  readonly allowOriginRegex: string | undefined;
  /** Whether they may send cookies. Default false. */
  readonly allowCredentials: boolean;
  /** Headers that they may send; none given: those of the protocol. */
  readonly allowHeaders: readonly string[];
  /** Methods that they may use; none given: GET, HEAD and POST. */
  readonly allowMethods: readonly string[];
  /** Headers of answers that they may read; none given: those of the protocol. */
  readonly exposeHeaders: readonly string[];
  /** How long a browser may remember the answer to its preflight request. */
  readonly maxAgeSeconds: number | undefined;
}

/** Files in PEM for HTTPS, their paths as they were given. Off unless `enabled`. */
export interface SslConfiguration {
  /** Whether to serve HTTPS. Default false. */
  readonly enabled: boolean;
  /** The server's certificate. */
  readonly certfile: string | undefined;
  /** The certificate's key. */
  readonly keyfile: string | undefined;
  /** For a key that is encrypted. */
  readonly keyfilePassword: string | undefined;
  /** Authority that must have signed the clients' certificates. */
  readonly caCerts: string | undefined;
}

/** Bounds of the histogram of request durations, in seconds: listed, or growing by a factor from min to max. */
export interface DurationBuckets {
  /** The bounds, rising. */
  readonly buckets: readonly number[] | undefined;
  /** The first bound. */
  readonly min: number | undefined;
  /** No bound is above it. */
  readonly max: number | undefined;
  /** Each bound is the one before it times this. */
  readonly factor: number | undefined;
}

/** What a configuration says to the server that users call. What it does not say is undefined, or the default given here. */
export interface ApiServerConfiguration {
  /** Where to listen. */
  readonly host: string | undefined;
  /** Port to listen on. */
  readonly port: number | undefined;
  /** Which web pages of other origins may call. */
  readonly cors: CorsConfiguration;
  /** HTTPS. */
  readonly ssl: SslConfiguration;
  /** Processes that answer. */
  readonly workers: number | undefined;
  /** Calls at once to one runner on another process. Default 16. */
  readonly maxRunnerConnections: number;
  /** Milliseconds until a request is given up. Default 60 000. */
  readonly timeoutMs: number;
  /** Requests being answered at once; undefined is no limit. */
  readonly maxConcurrency: number | undefined;
  /** Whether requests are logged, and how. */
  readonly accessLog: AccessLogConfiguration;
  /** Default true. */
  readonly metricsEnabled: boolean;
  /** Whether there is a page for people. Default true. */
  readonly pageEnabled: boolean;
  /** Bounds of the histogram of request durations. */
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
    pageEnabled: flagAt(settings, ["page", "enabled"], true),
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
