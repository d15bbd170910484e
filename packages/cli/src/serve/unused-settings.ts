import type { Configuration } from "bentoml-core";

/** Settings that are allowed, since other servers read them, and that change nothing for one process that serves stored models. */
const OF_THE_API_SERVER: readonly (readonly string[])[] = [["workers"], ["max_runner_connections"], ["metrics"], ["logging"], ["runner_probe", "enabled"]];
const OF_RUNNERS: readonly string[] = ["traffic", "logging", "metrics"];

/** The places of settings that someone made in vain for the runners of these names. */
export function unusedSettings(configuration: Configuration, runnerNames: readonly string[]): string[] {
  const runners = runnerNames.map((name) => configuration.runner(name));
  const places = [
    ...OF_THE_API_SERVER.map((path) => configuration.origin("api_server", ...path)),
    ...runners.flatMap((runner) => OF_RUNNERS.map((key) => runner.origin(key))),
  ];
  return [...new Set(places.filter((place) => place !== undefined))];
}
