import type { Configuration } from "bentoml-core";

/** Settings that `bentoml serve` never looks at. */
const OF_NOBODY: readonly (readonly string[])[] = [["runner_probe", "enabled"]];
/** Settings for runners in processes of their own. */
const OF_RUNNERS_APART: readonly (readonly string[])[] = [["max_runner_connections"]];

/** The places of settings that someone made in vain for the runners of these names. */
export function unusedSettings(configuration: Configuration, runnerNames: readonly string[], isApart: boolean): string[] {
  const runners = runnerNames.map((name) => configuration.runner(name));
  const places = [
    ...[...OF_NOBODY, ...(isApart ? [] : OF_RUNNERS_APART)].map((path) => configuration.origin("api_server", ...path)),
    ...runners.flatMap((runner) => (isApart ? ["logging"] : ["traffic", "logging", "metrics"]).map((key) => runner.origin(key))),
  ];
  return [...new Set(places.filter((place) => place !== undefined))];
}
