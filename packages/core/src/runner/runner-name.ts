import { InvalidArgumentError } from "../errors/index.js";
import { isReservedRunnerKey } from "../configuration/index.js";
import { Tag } from "../tag/index.js";

/**
 * The runner's name in lower case, valid as the name of a tag. Warns when that changed it.
 *
 * @throws InvalidArgumentError for a name that no tag can have.
 */
export function runnerName(given: string | undefined, className: string): string {
  const name = (given ?? className).toLowerCase();
  if (!isTagName(name)) {
    throw new InvalidArgumentError(
      `Runner name "${name}" is not valid; it must be a valid tag name: 1 to 63 of a-z, 0-9, "-", "_" and ".", beginning and ending with a letter or digit.`,
    );
  }
  if (given === undefined) warn(`Using the lower-cased class name "${name}" as the runner's name.`);
  else if (given !== name) warn(`Converting runner name "${given}" to lower case: "${name}".`);
  return name;
}

/** Warns of a name that cannot have a section of its own in the configuration. */
export function warnOfReservedName(name: string): void {
  if (isReservedRunnerKey(name)) {
    warn(`Runner "${name}" has no section of its own in the configuration: there, runners.${name} is a setting of all runners. Give it another name to configure it.`);
  }
}

function isTagName(name: string): boolean {
  try {
    return !name.includes(":") && Tag.parse(name).name === name;
  } catch {
    return false;
  }
}

function warn(message: string): void {
  process.emitWarning(message, { type: "BentoMLWarning", code: "BENTOML_RUNNER_NAME" });
}
