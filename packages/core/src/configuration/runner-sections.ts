import { Tag } from "../tag/index.js";
import { configurationError } from "./configuration-error.js";
import { dottedPath } from "./dotted-path.js";
import { nearKey } from "./near-key.js";
import { isSection, type Section } from "./section.js";

/** An old name of `traffic.timeout`, which is reserved as well. */
const OLD_TIMEOUT = "timeout";

/** Keys of `runners` that are settings of all runners; any other is the name of a runner with a section of its own. */
export const reservedRunnerKeys: readonly string[] = ["resources", "workers_per_resource", "traffic", "batching", "logging", "metrics"];

/** True for a name that stands for a setting of all runners, so that a runner of that name has no section of its own. */
export function isReservedRunnerKey(name: string): boolean {
  return name === OLD_TIMEOUT || reservedRunnerKeys.includes(name);
}

/** Names of the runners that have sections of their own. */
export function runnerNames(section: Section): string[] {
  const { runners } = section;
  return isSection(runners) ? Object.keys(runners).filter((name) => !isReservedRunnerKey(name)) : [];
}

/**
 * The names of runners as runners have them: in lower case.
 *
 * @throws InvalidArgumentError for what is no name of a runner, and for two that differ in capitals alone.
 */
export function withLowerCasedRunners(section: Section, label: string): Section {
  const { runners } = section;
  if (!isSection(runners)) return section;
  const renamed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(runners)) {
    const name = isReservedRunnerKey(key) ? key : runnerNameOf(key, value, label);
    if (Object.hasOwn(renamed, name)) throw configurationError(`${dottedPath(["runners", key])} in ${label} is the second section of runner "${name}": capitals make no difference.`);
    renamed[name] = value;
  }
  return { ...section, runners: renamed };
}

function runnerNameOf(key: string, value: unknown, label: string): string {
  const name = key.toLowerCase();
  if (isTagName(name) && (isSection(value) || value === null)) return name;
  const near = nearKey(key, reservedRunnerKeys);
  throw configurationError(
    `${dottedPath(["runners", key])} in ${label} is neither a setting of all runners (${reservedRunnerKeys.join(", ")}) nor the section of a runner` +
      (near === undefined ? "." : `; did you mean "${near}"?`),
  );
}

function isTagName(name: string): boolean {
  try {
    return new Tag(name).name === name;
  } catch {
    return false;
  }
}
