import * as v from "valibot";
import { configurationError, shown } from "./configuration-error.js";
import { configurationSchema } from "./configuration-schema.js";
import { dottedPath } from "./dotted-path.js";
import { nearKey } from "./near-key.js";
import { isReservedRunnerKey, reservedRunnerKeys } from "./runner-sections.js";
import type { Section } from "./section.js";

/**
 * Checks one source against the schema.
 *
 * @throws InvalidArgumentError with every fault: source, path, value, and what is allowed there.
 */
export function checkSection(section: Section, label: string): void {
  const { issues } = v.safeParse(configurationSchema(), section);
  if (issues === undefined) return;
  throw configurationError(`The configuration in ${label} cannot be used. ${issues.map(describe).join(" ")}`);
}

function describe(issue: v.GenericIssue): string {
  const path = (issue.path ?? []).map(({ key }) => String(key));
  const isUnknownKey = issue.expected === "never";
  return isUnknownKey ? `${dottedPath(path)} is an ${issue.message}.${hint(path)}` : `${dottedPath(path)} is ${shown(issue.input)}; it must be ${issue.message}.`;
}

/** A misspelt setting of all runners is taken for the section of a runner, whose keys are then wrong. */
function hint([place, name = ""]: readonly string[]): string {
  if (place !== "runners" || isReservedRunnerKey(name)) return "";
  const near = nearKey(name, reservedRunnerKeys);
  return near === undefined ? "" : ` (If runners.${name} is not the section of a runner called "${name}", write runners.${near}.)`;
}
