import { configurationError } from "./configuration-error.js";
import { dottedPath } from "./dotted-path.js";
import { runnerNames } from "./runner-sections.js";
import { valueAt, withValue, without, type Section } from "./section.js";

type Renamed = readonly [from: readonly string[], to: readonly string[]];

const OF_THE_API_SERVER: readonly Renamed[] = [
  [["api_server", "host"], ["api_server", "http", "host"]],
  [["api_server", "port"], ["api_server", "http", "port"]],
  [["api_server", "cors"], ["api_server", "http", "cors"]],
  [["api_server", "timeout"], ["api_server", "traffic", "timeout"]],
];

/**
 * The section with the keys of old versions of the Python original at their new places. Warns for each, with the code
 * `BENTOML_CONFIG_DEPRECATED`.
 *
 * @throws InvalidArgumentError when the same source has the new key too.
 */
export function withRenamedKeys(section: Section, label: string): Section {
  let current = section;
  for (const [from, to] of [...OF_THE_API_SERVER, ...ofRunners(section)]) {
    const value = valueAt(current, from);
    if (value === undefined) continue;
    if (valueAt(current, to) !== undefined) {
      throw configurationError(`${label} has ${dottedPath(to)} and its old name ${dottedPath(from)}; remove the old one.`);
    }
    process.emitWarning(`${dottedPath(from)} in ${label} is an old name; write ${dottedPath(to)}.`, {
      type: "BentoMLWarning",
      code: "BENTOML_CONFIG_DEPRECATED",
    });
    current = withValue(without(current, from), to, value);
  }
  return current;
}

function ofRunners(section: Section): Renamed[] {
  const places = [["runners"], ...runnerNames(section).map((name) => ["runners", name])];
  return places.map((place) => [
    [...place, "timeout"],
    [...place, "traffic", "timeout"],
  ]);
}
