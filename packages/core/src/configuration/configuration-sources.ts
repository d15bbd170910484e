import { resolve } from "node:path";
import { checkSection } from "./check-section.js";
import { configurationError } from "./configuration-error.js";
import { findConfigurationFile, readConfigurationFile } from "./configuration-file.js";
import { dottedPath } from "./dotted-path.js";
import { readOptionText } from "./option-text.js";
import { withRenamedKeys } from "./renamed-keys.js";
import { withLowerCasedRunners } from "./runner-sections.js";
import { isSection, valueAt, type Section } from "./section.js";
import { refuseUnsupportedKeys } from "./unsupported-keys.js";
import type { Environment } from "./yaml-text.js";

const OPTIONS_VARIABLE = "BENTOML_CONFIG_OPTIONS";

/** Where a configuration is read from; what is left out is that of the process. */
export interface ConfigurationSources {
  /** Path of a YAML or JSON file; false reads none. Default: the file of `BENTOML_CONFIG`, else `bentoml.config.{yaml,yml,json}` in the working folder. */
  readonly file?: string | false;
  /** Settings of the program itself, with the keys of the file. They win over all others. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Default `process.env`. `BENTOML_CONFIG_OPTIONS` is read from it, and what stands in `${…}`. */
  readonly environment?: Environment;
  /** Default `process.cwd()`. */
  readonly workingFolder?: string;
}

/** One place where settings stand, checked. */
export interface Source {
  /** The file's path, or the variable's name. */
  readonly label: string;
  readonly section: Section;
}

/** Reads and checks every source, the weakest first. */
export function readSources(from: ConfigurationSources): Source[] {
  const { environment = process.env, workingFolder = process.cwd(), options } = from;
  const file = typeof from.file === "string" ? resolve(workingFolder, from.file) : (from.file ?? findConfigurationFile(workingFolder, environment));
  const optionText = environment[OPTIONS_VARIABLE] ?? "";
  if (options !== undefined && !isSection(options)) throw configurationError("The options of a configuration must be an object with keys such as \"runners\".");
  return [
    ...(typeof file === "string" ? [{ label: file, section: readConfigurationFile(file, environment) }] : []),
    ...(optionText.trim() === "" ? [] : [{ label: OPTIONS_VARIABLE, section: readOptionText(optionText, OPTIONS_VARIABLE, environment) }]),
    ...(options === undefined ? [] : [{ label: "the options given by the program", section: options }]),
  ].map(checked);
}

/** The place of a setting, for errors: `runners.batching.enabled in bentoml.config.yaml`. Undefined when no source has it. */
export function whereIs(sources: readonly Source[], path: readonly string[]): string | undefined {
  const source = sources.findLast(({ section }) => valueAt(section, path) !== undefined);
  return source === undefined ? undefined : `${dottedPath(path)} in ${source.label}`;
}

function checked({ label, section }: Source): Source {
  refuseUnsupportedKeys(section, label);
  const current = withLowerCasedRunners(withRenamedKeys(section, label), label);
  checkSection(current, label);
  return { label, section: current };
}
