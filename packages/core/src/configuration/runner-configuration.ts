import { accessLog, type AccessLogConfiguration } from "./access-log-configuration.js";
import { batchingConfiguration, type BatchingConfiguration } from "./batching-configuration.js";
import { whereIs, type Source } from "./configuration-sources.js";
import { isReservedRunnerKey } from "./runner-sections.js";
import { isSection, merge, valueAt, type Section } from "./section.js";
import { flagAt, numberAt, sectionAt, secondsAsMs } from "./setting-values.js";

const DEFAULT_TIMEOUT_SECONDS = 900;

/** What a configuration says to one runner: its own section over that of all runners, over the defaults. */
export interface RunnerConfiguration {
  /** Wanted amounts by kind of resource; undefined wants all that the machine has. */
  readonly resources: Readonly<Record<string, unknown>> | undefined;
  /** Default 1. */
  readonly workersPerResource: number;
  /** How its calls are joined and refused. */
  readonly batching: BatchingConfiguration;
  /** Milliseconds that a call to a runner on another process may take. Default 900 000. */
  readonly timeoutMs: number;
  /** Calls that a runner server answers at once; undefined is no limit. */
  readonly maxConcurrency: number | undefined;
  /** Whether calls that reach it over a connection are logged, and how. */
  readonly accessLog: AccessLogConfiguration;
  /** Default true. */
  readonly metricsEnabled: boolean;
  /** Options of the adapter whose model it runs, as `toRunner` takes them; of this runner alone. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Where a setting stands, for errors: `origin("resources", "cpu")` is "runners.digits.resources.cpu in bentoml.config.yaml". */
  origin(...path: string[]): string | undefined;
}

/** `name`: lower case, as a runner has it. */
export function runnerConfiguration(merged: Section, sources: readonly Source[], name: string): RunnerConfiguration {
  const all = sectionAt(merged, ["runners"]);
  const own = isReservedRunnerKey(name) ? {} : sectionAt(all, [name]);
  const settings = merge(all, own);
  const resources = valueAt(settings, ["resources"]);
  return {
    resources: isSection(resources) ? resources : undefined,
    workersPerResource: numberAt(settings, ["workers_per_resource"]) ?? 1,
    batching: batchingConfiguration(settings),
    timeoutMs: secondsAsMs(settings, ["traffic", "timeout"], DEFAULT_TIMEOUT_SECONDS),
    maxConcurrency: numberAt(settings, ["traffic", "max_concurrency"]),
    accessLog: accessLog(settings),
    metricsEnabled: flagAt(settings, ["metrics", "enabled"], true),
    options: sectionAt(own, ["options"]),
    origin: (...path) => (isReservedRunnerKey(name) ? undefined : whereIs(sources, ["runners", name, ...path])) ?? whereIs(sources, ["runners", ...path]),
  };
}
